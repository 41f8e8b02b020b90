package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"bihuan/e2e/browser"
)

// rareNames are of characters that GB 18030-2022 asks for at level 3: of planes 0, 2 and 3, extensions A to H, two of each.
var rareNames = []string{"王𠮷", "李𬭚", "张㐀䶵", "刘𠀀𪛖", "陈𪜀𫜴", "杨𫝀𫠝", "赵𫠠𬺡", "黄𬺰𮯠", "周𰀀𱍊", "吴𱍐𲎯", "买买提江·阿卜杜热合曼"}

// TestBar_I12_NamesComeBackFromPaper: a report with rare characters is printed, by whoever handles it and as a receipt; a program that is not ours reads
// the characters out of the PDF, and one that is not ours the address out of the code that leads back to it.
func TestBar_I12_NamesComeBackFromPaper(t *testing.T) {
	knows(t, "demo")
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		lack(t, err)
	}
	p := open(t, demo(t), browser.Options{})
	receipt := p.report("东盛大街99号门前路灯不亮，住户"+strings.Join(rareNames, "、")+"都能作证", "东盛大街99号门前", "E06002")
	if got, want := p.scanned(t), p.base+receipt; got != want {
		t.Errorf("the code of the receipt reads %q, want %q", got, want)
	}
	onPaper(t, reader, p, "the receipt", false)
	p.as(p.of("watch-centre", "operator"))
	p.visit("/desk?tab=all&text=" + url.QueryEscape("东盛大街99号"))
	p.visit(p.href(`main tbody tr:nth-child(1) a`, "东盛大街99号"))
	onPaper(t, reader, p, "the matter", true)
}

// onPaper prints the page and looks for every name in what another program reads of it. A page for anybody masks names of persons; what it shows has to come back.
func onPaper(t *testing.T, reader string, p *page, what string, all bool) {
	t.Helper()
	shown, err := browser.Ask[string](p.Tab, `document.querySelector("main").textContent`)
	p.must(err)
	printed, err := p.Print()
	p.must(err)
	cmd := exec.Command(reader, "-enc", "UTF-8", "-nopgbrk", "-", "-")
	cmd.Stdin = bytes.NewReader(printed)
	text, err := cmd.Output()
	p.must(err)
	read := strings.Join(strings.Fields(string(text)), "")
	n, boxes := 0, 0
	for _, name := range rareNames {
		switch {
		case strings.Contains(shown, name) && !strings.Contains(read, name) && boxes == 0 && !hasFonts(name):
			boxes++
		case strings.Contains(shown, name) && !strings.Contains(read, name):
			t.Errorf("%s on paper does not say %q (%U) but %+q", what, name, []rune(name), around(read, []rune(name)[0]))
		case strings.Contains(shown, name):
			n++
		case all:
			t.Errorf("%s does not show %q", what, name)
		}
	}
	t.Logf("%s: %d of %d names read back from the PDF; in %d the first character that no font of this machine has is a box without its text", what, n, len(rareNames), boxes)
}

// hasFonts reports whether some font of this machine has each character of a name. Chromium draws boxes for the others; the first that it meets loses its text
// in the PDF, every further one keeps it (Skia writes ActualText where the sign of a box stands for another character already).
func hasFonts(name string) bool {
	for _, r := range name {
		found, err := exec.Command("fc-list", fmt.Sprintf(":charset=%x", r), "family").Output()
		if err != nil || len(found) == 0 {
			return err != nil
		}
	}
	return true
}

// around is what was read behind a sign.
func around(read string, first rune) string {
	if at := strings.IndexRune(read, first); at >= 0 {
		return read[at:min(len(read), at+24)]
	}
	return ""
}

// module is one dark square of a code as pages draw them.
var module = regexp.MustCompile(`M(\d+) (\d+)h1v1h-1z`)

// scanned reads the code of the page.
func (p *page) scanned(t *testing.T) string {
	t.Helper()
	path, err := browser.Ask[string](p.Tab, `document.querySelector("svg.qr path").getAttribute("d")`)
	p.must(err)
	box, err := browser.Ask[string](p.Tab, `document.querySelector("svg.qr").getAttribute("viewBox").split(" ")[2]`)
	p.must(err)
	size, err := strconv.Atoi(box)
	p.must(err)
	const scale = 4
	m := image.NewGray(image.Rect(0, 0, size*scale, size*scale))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for _, one := range module.FindAllStringSubmatch(path, -1) {
		x, _ := strconv.Atoi(one[1])
		y, _ := strconv.Atoi(one[2])
		for i := range scale * scale {
			m.SetGray(x*scale+i%scale, y*scale+i/scale, color.Gray{})
		}
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(m)
	p.must(err)
	// What is drawn is read, exact as it is: where a reader looks for a code as in a photo, it takes some for one of 31 modules, which there is none of.
	read, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	p.must(err)
	return read.GetText()
}
