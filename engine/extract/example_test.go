package extract_test

import (
	"fmt"

	"bihuan/engine/extract"
)

func ExampleRead() {
	text := "二、2025年工作安排\n改造老旧小区21个，推动单笔业务由20个工作日压缩至30分钟。建成区疾控中心。"
	res, err := extract.Read(text, extract.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range res.Statements {
		fmt.Printf("%s %d %s %s%s%s [%s] %s\n", s.Kind.Name().ZH, s.Year, s.Subject, s.Op.Name().ZH, s.Value, s.Unit, s.Text, s.Rule)
	}
	// Output:
	// 承诺 2025 老旧小区 为21个 [21个] object
	// 承诺 2025 单笔业务 原为20工作日 [20个工作日] from
	// 承诺 2025 单笔业务 达到30分钟 [30分钟] to
	// 承诺 2025 区疾控中心  [建成区疾控中心] bring-about
}
