package ingest

import (
	"strconv"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Refused is an error that says in two languages why a file was not read and what to do.
// It wraps a [fault.Refusal] of kind [fault.ErrInvalid] whose Code is a key of the table
// below and whose With holds the values of the sentence.
type Refused struct {
	refusal *fault.Refusal
	words   name.Text
}

// Words returns the sentence for the person who brought the file, in Chinese and English.
func (r *Refused) Words() name.Text { return r.words }

// Code returns the key of the sentence, such as "is-pdf".
func (r *Refused) Code() string { return r.refusal.Code }

func (r *Refused) Error() string { return r.refusal.Code + ": " + r.words.EN }

// Unwrap makes errors.As find the [fault.Refusal] and errors.Is its kind.
func (r *Refused) Unwrap() error { return r.refusal }

// refuse returns the refusal with this code; with alternates the names and values of its placeholders.
func refuse(code string, with ...string) *Refused {
	r := &Refused{fault.Refuse(fault.ErrInvalid, code, "file", with...), sentences[code]}
	for k, v := range r.refusal.With {
		r.words.ZH = strings.ReplaceAll(r.words.ZH, "{"+k+"}", v)
		r.words.EN = strings.ReplaceAll(r.words.EN, "{"+k+"}", v)
	}
	return r
}

func itoa(n int) string { return strconv.Itoa(n) }

// sentences are the words of every refusal of this room.
var sentences = map[string]name.Text{
	"is-empty": {
		ZH: "文件里没有文字。请确认选对了文件，或把报告文字直接粘贴进来。",
		EN: "There is no text in this file. Check that it is the right one, or paste the text of the report."},
	"too-large": {
		ZH: "文件超过 {limit} MB，没有读取。请只上传报告正文，去掉图片和附件。",
		EN: "The file is larger than {limit} MB and was not read. Bring the text of the report alone, without pictures and annexes."},
	"text-too-long": {
		ZH: "文字超过 {limit} 个字，没有读取。请分成几份再上传。",
		EN: "The text is longer than {limit} characters and was not read. Divide it and bring the parts one by one."},
	"is-pdf": {
		ZH: "这是 PDF 文件，不能直接读取。请在 Word 或 WPS 中打开并另存为 .docx，或复制文字粘贴进来；扫描件请先做文字识别。",
		EN: "This is a PDF, which cannot be read directly. Open it in Word or WPS and save it as .docx, or copy its text and paste it; a scan needs text recognition first."},
	"is-image": {
		ZH: "这是图片，里面没有可以读取的文字。请先做文字识别，再粘贴文字或另存为 .docx。",
		EN: "This is a picture; there is no text in it to read. Recognise its text first, then paste it or save it as .docx."},
	"is-old-office": {
		ZH: "这是旧版 Office 或 WPS 文件（.doc、.wps、.xls、.et、.ppt）。请用 Word 或 WPS 打开，文档另存为 .docx，表格另存为 .xlsx。",
		EN: "This is a file of an old Office or WPS (.doc, .wps, .xls, .et, .ppt). Open it in Word or WPS and save a document as .docx, a sheet as .xlsx."},
	"is-encrypted": {
		ZH: "文件有密码保护，无法读取。请在 Word 或 WPS 中取消密码后另存，再上传。",
		EN: "The file is protected by a password and cannot be read. Remove the password in Word or WPS, save it and bring it again."},
	"has-macros": {
		ZH: "文件里带有宏程序，为安全起见没有读取。请另存为不带宏的 .docx 或 .xlsx。",
		EN: "The file carries macros and was not read, for safety. Save it as .docx or .xlsx without macros."},
	"is-spreadsheet": {
		ZH: "这是电子表格，不是报告文字。要导入目标清单，请用“从表格导入”；要读取文字，请复制粘贴。",
		EN: "This is a spreadsheet, not the text of a report. To bring in a list of goals use the import of spreadsheets; to read its text, copy and paste it."},
	"is-presentation": {
		ZH: "这是演示文稿。请复制文字粘贴进来，或另存为 .docx。",
		EN: "This is a presentation. Copy its text and paste it, or save it as .docx."},
	"is-ofd": {
		ZH: "这是 OFD 版式文件，不能直接读取。请用 OFD 阅读器导出为 .docx，或复制文字粘贴进来。",
		EN: "This is an OFD page file, which cannot be read directly. Export it as .docx from an OFD reader, or copy its text and paste it."},
	"is-opendocument": {
		ZH: "这是 OpenDocument 文件（.odt、.ods）。请另存为 .docx 或 .xlsx。",
		EN: "This is an OpenDocument file (.odt, .ods). Save it as .docx or .xlsx."},
	"is-rtf": {
		ZH: "这是 RTF 文件。请用 Word 或 WPS 打开并另存为 .docx。",
		EN: "This is an RTF file. Open it in Word or WPS and save it as .docx."},
	"is-web-archive": {
		ZH: "这是单个文件的网页（.mht、.mhtml）。请在浏览器中打开并另存为“网页，仅 HTML”，或复制文字粘贴进来。",
		EN: "This is a web page archive (.mht, .mhtml). Open it in a browser and save it as HTML only, or copy its text and paste it."},
	"is-xml": {
		ZH: "这是 XML 数据文件，不是报告文字。请用原来的软件打开并另存为 .docx 或 .txt。",
		EN: "This is an XML data file, not the text of a report. Open it in the program that made it and save it as .docx or .txt."},
	"is-archive": {
		ZH: "这是压缩包。请先解压，再上传里面的报告文件。",
		EN: "This is an archive. Unpack it and bring the report that is in it."},
	"is-media": {
		ZH: "这是音频或视频文件，里面没有可以读取的文字。",
		EN: "This is sound or video; there is no text in it to read."},
	"is-binary": {
		ZH: "这不是文本文件，无法读取。可以读取的有 .txt、.md、.html、.docx，也可以直接粘贴文字。",
		EN: "This is not a text file and cannot be read. What can be read: .txt, .md, .html, .docx, or pasted text."},
	"unknown-encoding": {
		ZH: "文字编码无法识别（第 {byte} 个字节起不是 UTF-8，整个文件也不是 GB 18030）。请在记事本或 WPS 中另存为 UTF-8。",
		EN: "The encoding is not known (from byte {byte} on it is not UTF-8, and the file as a whole is not GB 18030). Save it as UTF-8."},
	"foreign-encoding": {
		ZH: "网页声明的编码是 {charset}，不能读取。请在浏览器中打开，复制文字粘贴进来。",
		EN: "The page says that its encoding is {charset}, which cannot be read. Open it in a browser and paste its text."},
	"too-deep": {
		ZH: "文件的内部嵌套超过 {limit} 层，没有读取。请复制文字粘贴进来。",
		EN: "The file nests more than {limit} levels deep and was not read. Copy its text and paste it."},
	"archive-broken": {
		ZH: "文件不完整或已损坏（可能没有下载完）。请重新取得文件，或在 Word、WPS 中打开修复后另存。",
		EN: "The file is incomplete or damaged (perhaps the download was cut). Fetch it again, or let Word or WPS repair and save it."},
	"archive-bomb": {
		ZH: "文件展开后大得不正常，没有读取。请在 Word 或 WPS 中打开，复制文字粘贴进来。",
		EN: "The file unpacks to an abnormal size and was not read. Open it in Word or WPS, copy its text and paste it."},
	"not-a-sheet": {
		ZH: "这不是电子表格。可以读取 .xlsx 和 .csv。",
		EN: "This is not a spreadsheet. What can be read: .xlsx and .csv."},
	"csv-broken": {
		ZH: "CSV 第 {line} 行第 {column} 列附近的引号不配对，没有读取。请在表格软件中另存为 .xlsx。",
		EN: "The quotes near line {line}, column {column} of the CSV do not pair, so nothing was read. Save it as .xlsx in the spreadsheet program."},
	"too-many-rows": {
		ZH: "表格超过 {limit} 行（从第 {row} 行起），没有读取。请分成几个文件。",
		EN: "The sheet has more than {limit} rows (from row {row} on) and was not read. Divide it into several files."},
	"too-many-columns": {
		ZH: "表格超过 {limit} 列（见单元格 {cell}），没有读取。请删去不需要的列。",
		EN: "The sheet has more than {limit} columns (see cell {cell}) and was not read. Delete the columns that are not needed."},
	"too-many-cells": {
		ZH: "表格有内容的单元格超过 {limit} 个（到第 {row} 行为止），没有读取。请分成几个文件。",
		EN: "The sheet has more than {limit} filled cells (by row {row}) and was not read. Divide it into several files."},
	"cell-too-long": {
		ZH: "单元格 {cell} 的内容超过 {limit} KB，没有读取。",
		EN: "Cell {cell} holds more than {limit} KB, so the sheet was not read."},
}
