package ingest

import (
	"bytes"
	"testing"
)

func TestDOCX(t *testing.T) {
	box := func(text string) string { return "<w:txbxContent>" + para(text) + "</w:txbxContent>" }
	for _, c := range []struct{ name, body, want string }{
		{"runs of a paragraph join", `<w:p><w:r><w:t>增长</w:t></w:r><w:r><w:t xml:space="preserve"> 10%</w:t></w:r></w:p>`, "增长 10%"},
		{"an empty paragraph is an empty line", para("甲") + "<w:p/>" + para("乙"), "甲\n\n乙"},
		{"tabs, breaks and hyphens", `<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t></w:r></w:p>`, "甲\t乙\n丙-丁"},
		{"tab stops of a style are no tabs", `<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>`, "甲"},
		{"a deletion is gone and an insertion there", `<w:p><w:del><w:r><w:delText>12</w:delText><w:t>12</w:t></w:r></w:del><w:ins><w:r><w:t>15</w:t></w:r></w:ins><w:r><w:t>个</w:t></w:r></w:p>`, "15个"},
		{"a moved text stands where it went", `<w:p><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom></w:p><w:p><w:moveTo><w:r><w:t>旧</w:t></w:r></w:moveTo></w:p>`, "\n旧"},
		{"a deleted paragraph mark joins two", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>新建</w:t></w:r></w:p>` + para("公园"), "新建公园"},
		{"a deleted last mark loses nothing", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>新建</w:t></w:r></w:p>`, "新建"},
		{"hidden text is gone", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>明</w:t></w:r></w:p>`, "明"},
		{"a cell that reaches over columns keeps the others below their heads", `<w:tbl><w:tr><w:tc>` + para("指标") + `</w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>` + para("2022年") + `</w:tc><w:tc>` + para("目标") + `</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val="4"/></w:tcPr>` + para("注") + `</w:tc></w:tr></w:tbl>`, "指标\t2022年\t\t目标\n注"},
		{"a table goes row by row", `<w:tbl><w:tr><w:tc>` + para("项目") + `</w:tc><w:tc>` + para("目标") + para("12个") + `</w:tc></w:tr><w:tr><w:tc>` + para("公园") + `</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>` + para("后"), "项目\t目标 12个\n公园\t\n后"},
		{"a frame of one cell keeps its paragraphs", `<w:tbl><w:tr><w:tc>` + para("甲") + para("乙") + `</w:tc></w:tr></w:tbl>`, "甲\n乙"},
		{"a table in a cell goes into its row", `<w:tbl><w:tr><w:tc>` + para("甲") + `</w:tc><w:tc><w:tbl><w:tr><w:tc>` + para("乙") + `</w:tc><w:tc>` + para("丙") + `</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>`, "甲\t乙\t丙"},
		{"a text box is read once, after its paragraph", `<w:p><w:r><w:t>前</w:t><mc:AlternateContent><mc:Choice Requires="wps">` + box("框") + `</mc:Choice><mc:Fallback>` + box("框") + `</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>`, "前后\n框"},
		{"a fallback alone is read", `<w:p><mc:AlternateContent><mc:Fallback>` + box("框") + `</mc:Fallback></mc:AlternateContent></w:p>`, "\n框"},
		{"words of a drawing are not text of the document", `<w:p><w:r><a:t>图</a:t><w:t>文</w:t></w:r></w:p>`, "文"},
		{"a field shows its result", `<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r></w:p>`, "3"},
		{"a reading above is gone", `<w:p><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "拼"},
		{"content controls are transparent", `<w:sdt><w:sdtContent>` + para("甲") + `</w:sdtContent></w:sdt>`, "甲"},
		{"rare characters survive", para("𬭎𠮷䶮&#x20BB7;"), "𬭎𠮷䶮𠮷"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := docxText(docxFile(t, c.body))
			if err != nil || got != c.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, c.want)
			}
		})
	}
}

func TestDOCXMainPartIsWhereThePackageSays(t *testing.T) {
	data := zipFile(t,
		"_rels/.rels", `<Relationships><Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/></Relationships>`,
		"word/document.xml", wordHead+para("旧")+"</w:body></w:document>",
		"word/document2.xml", `<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>`+para("新")+"</w:body></w:document>")
	if got, err := docxText(data); err != nil || got != "新" {
		t.Errorf("got %q, %v", got, err)
	}
}

func FuzzDOCX(f *testing.F) {
	for _, s := range []string{para("甲"), "<w:tbl><w:tr><w:tc>" + para("a") + "</w:tc></w:tr></w:tbl>", "<w:txbxContent></w:txbxContent>", "</w:body>", "<w:tc></w:tc><w:tr/>", "<mc:AlternateContent><mc:Choice/></mc:AlternateContent>"} {
		f.Add([]byte(s), false)
	}
	f.Add(docxFile(f, para("甲")), true)
	f.Fuzz(func(t *testing.T, data []byte, whole bool) {
		if !whole {
			data = docxFile(t, string(data))
		}
		if text, err := docxText(data); err == nil {
			again, err := docxText(docxFile(t, ""))
			if again != "" || err != nil || bytes.ContainsRune([]byte(text), '\r') {
				t.Errorf("text %q; an empty body then gives %q, %v", text, again, err)
			}
		}
	})
}
