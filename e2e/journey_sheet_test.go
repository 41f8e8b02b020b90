package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneySheet brings in the list that an office already keeps: its faults are named by cell and nothing is taken;
// mended, it becomes goals that wait to be published.
func TestJourneySheet(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	write := func(called, rows string) string {
		file := filepath.Join(t.TempDir(), called)
		p.must(os.WriteFile(file, []byte("任务,牵头单位,完成时限,目标值\n"+rows), 0o600))
		return file
	}
	p.as(p.of("office", "issuer"))
	p.visit("/reports/sheet")
	p.must(p.Upload("#file", write("有误.csv", "修路,某某局,2023-12-31,3条\n栽树,区住建局,2023-13-01,许多\n,区教育局,2023-12-31,5所\n清运垃圾,区城管局,,10吨\n")))
	p.follow(`button[value="preview"]`)
	for _, cell := range []string{"B2", "C3", "D3", "A4", "C5"} {
		p.waitText("main .tbl", cell)
	}
	if p.count(`button[value="import"]`) != 0 {
		t.Error("a faulty list can be imported")
	}
	p.looksRight("sheet-faults")
	p.must(p.Upload("#file", write("改好.csv", "修路3条,区住建局,2023-12-31,3条\n栽树500亩,区林业和园林局,2023-12-31,500亩\n")))
	p.follow(`button[value="preview"]`)
	p.looksRight("sheet-preview")
	p.follow(`button[value="import"]`)
	p.waitText(".entries", "栽树500亩")
	p.looksRight("sheet-taken")
}
