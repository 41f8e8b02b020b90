package corpus

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"strings"
)

// Mark stands in every active part of an attack: what is handed out must not hold it where it could run.
const Mark = "alert(220105)"

// Attack is a file as somebody might send it.
type Attack struct {
	Kind  string // what is tried
	Name  string // what it calls itself
	Bytes []byte
	Kept  bool // harmless once it is handed out rightly; everything else is to be refused
}

// Attacks returns n files, each kind in turn with other bytes and names.
func Attacks(n int) []Attack {
	all := make([]Attack, 0, n)
	for i := 0; len(all) < n; i++ {
		a := attacks[i%len(attacks)]
		name := names[(i/len(attacks))%len(names)]
		all = append(all, Attack{a.kind, fmt.Sprintf(name, i), a.make(i), a.kept})
	}
	return all
}

// names are what files call themselves: %d is their number.
var names = []string{"现场照片%d.jpg", "报告%d.pdf", "报告%d.pdf.exe", "照片%d.jpg.html", "表%d.xlsx", "%d.svg", "名单%d.txt", "photo%d\u202egpj.exe", "../../etc/cron.d/%d", `C:\windows\%d.bat`,
	"%d.jpg\x00.php", "con.%d", "%d.jpg ", "a%d.jpg::$DATA", "%d.HTML", "%d.hta", "名\r\nSet-Cookie: x=%d.png", strings.Repeat("长", 300) + "%d.png", "%d"}

var attacks = []struct {
	kind string
	make func(n int) []byte
	kept bool
}{
	{"GIF and script", func(n int) []byte {
		g := GIF(n)
		return append(append([]byte("GIF89a/*"), g[8:]...), "*/="+Mark+"//"...)
	}, true},
	{"GIF with a script behind it", func(n int) []byte { return append(GIF(n), "<script>"+Mark+"</script>"...) }, true},
	{"JPEG and page", func(n int) []byte { return append(Located(n), "<html><script>"+Mark+"</script>"...) }, true},
	{"JPEG with a script in a comment", func(n int) []byte {
		body := "<script>" + Mark + "</script>"
		return append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(body) + 2)}, append([]byte(body), JPEG(n)[2:]...)...)
	}, true},
	{"PNG with a script in a text chunk", func(n int) []byte {
		p := PNG(n)
		return append(append(bytes.Clone(p[:33]), pngChunk("tEXt", "Comment\x00<?php "+Mark+" ?>")...), p[33:]...)
	}, true},
	{"PNG with an archive behind it", func(n int) []byte { return append(PNG(n), zipped(map[string]string{"a.js": Mark})...) }, true},
	{"PDF and archive", func(n int) []byte {
		return append([]byte("%PDF-1.4\n"+Mark+"\n%%EOF\n"), zipped(map[string]string{"a.class": Mark})...)
	}, false},
	{"PDF and page", func(n int) []byte { return []byte("%PDF-1.4\n<html><script>" + Mark + "</script>") }, false},
	{"PDF with a script", func(n int) []byte {
		return []byte(fmt.Sprint("%PDF-1.7\n1 0 obj<</S/JavaScript/JS(", Mark, ")>>\n%%EOF", n))
	}, true},
	{"page", func(n int) []byte { return []byte(fmt.Sprint("<!DOCTYPE html><script>", Mark, "</script>", n)) }, false},
	{"page behind blanks", func(n int) []byte { return []byte("\xef\xbb\xbf \n\t<ScRiPt>" + Mark + "</script>") }, false},
	{"SVG", func(n int) []byte { return []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="` + Mark + `"/>`) }, false},
	{"SVG as XML", func(n int) []byte {
		return []byte(`<?xml version="1.0"?><!DOCTYPE svg><svg><script>` + Mark + `</script></svg>`)
	}, false},
	{"text with tags inside", func(n int) []byte { return []byte(fmt.Sprint("情况说明 ", n, " <script>", Mark, "</script>")) }, true},
	{"script of a shell", func(n int) []byte { return []byte(fmt.Sprint("#!/bin/sh\n# ", n, "\nrm -rf /\n")) }, false},
	{"batch file", func(n int) []byte { return []byte(fmt.Sprint("@echo off\r\ndel ", n)) }, false},
	{"PHP", func(n int) []byte { return []byte("<?php system($_GET['c']); ?>") }, false},
	{"Windows program", func(n int) []byte { return []byte(fmt.Sprint("MZ\x90\x00\x03\x00\x00\x00", n)) }, false},
	{"Linux program", func(n int) []byte { return []byte("\x7fELF\x02\x01\x01") }, false},
	{"shortcut", func(n int) []byte { return []byte("L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0") }, false},
	{"Java archive", func(n int) []byte {
		return zipped(map[string]string{"META-INF/MANIFEST.MF": "Main-Class: X", "X.class": "\xca\xfe\xba\xbe"})
	}, false},
	{"Word with macros", func(n int) []byte {
		return zipped(map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/vbaProject.bin": Mark})
	}, false},
	{"sheet with old macros", func(n int) []byte {
		return zipped(map[string]string{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>", "xl/macrosheets/sheet1.xml": Mark})
	}, false},
	{"Word without macros", func(n int) []byte {
		return zipped(map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": fmt.Sprint("<w>", n, "</w>")})
	}, true},
	{"old Word with macros", func(n int) []byte { return compound("WordDocument", "_VBA_PROJECT") }, false},
	{"old Word", func(n int) []byte { return compound("WordDocument", fmt.Sprint("S", n)) }, true},
	{"locked Word", func(n int) []byte { return compound("EncryptionInfo", "EncryptedPackage") }, false},
	{"installer", func(n int) []byte { return compound("Property", fmt.Sprint("S", n)) }, false},
	{"locked archive", func(n int) []byte { return locked(zipped(map[string]string{"a.txt": "secret"})) }, false},
	{"7z", func(n int) []byte { return []byte(fmt.Sprint("7z\xbc\xaf\x27\x1c", n)) }, false},
	{"RAR", func(n int) []byte { return []byte(fmt.Sprint("Rar!\x1a\x07\x01\x00", n)) }, false},
	{"archive in an archive", func(n int) []byte {
		return zipped(map[string]string{"b.zip": string(zipped(map[string]string{"a": "x"}))})
	}, false},
	{"program in an archive", func(n int) []byte { return zipped(map[string]string{"说明.txt": "x", "setup.EXE ": "MZ"}) }, false},
	{"archive of papers", func(n int) []byte {
		return zipped(map[string]string{"说明.txt": fmt.Sprint(n), "图/a.png": string(PNG(n))})
	}, true},
	{"zip slip", func(n int) []byte { return zipped(map[string]string{"../../etc/passwd": "x"}) }, false},
	{"zip slip on Windows", func(n int) []byte { return zipped(map[string]string{`..\..\a.txt`: "x"}) }, false},
	{"absolute path in an archive", func(n int) []byte { return zipped(map[string]string{"/etc/passwd": "x"}) }, false},
	{"drive in an archive", func(n int) []byte { return zipped(map[string]string{"C:a.txt": "x"}) }, false},
	{"link in an archive", func(n int) []byte { return linked() }, false},
	{"bomb", func(n int) []byte { return zipped(map[string]string{"a.txt": strings.Repeat("0", 8<<20)}) }, false},
	{"overlapping bomb", func(n int) []byte { return overlapping() }, false},
	{"archive of many entries", func(n int) []byte { return crowded(1500) }, false},
	{"pixel flood as PNG", func(n int) []byte { return floodPNG(50_000+uint32(n), 50_000) }, false},
	{"pixel flood as JPEG", func(n int) []byte { return floodJPEG(65_000, 65_000) }, false},
	{"pixel flood in many passes", func(n int) []byte {
		return bytes.Replace(floodJPEG(5_000, 7_000), []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1)
	}, false},
	{"pixel flood as GIF", func(n int) []byte {
		return append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), ",\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;"...)
	}, false},
	{"flat and endless PNG", func(n int) []byte { return floodPNG(1, 0x7fffffff) }, false},
	{"PNG with a broken end", func(n int) []byte { p := PNG(n); return p[:len(p)/2] }, true}, // its head is good: bytes and nothing else
	{"JPEG with a flipped bit", func(n int) []byte {
		p := Located(n)
		p[rand.New(rand.NewPCG(uint64(n), 1)).IntN(len(p)-4)+4] ^= 1 << (n % 8)
		return p
	}, true},
	{"RTF", func(n int) []byte { return []byte(`{\rtf1{\object\objdata 0105}}`) }, false},
	{"web archive", func(n int) []byte {
		return []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<script>" + Mark)
	}, false},
	{"nothing known", func(n int) []byte { return []byte(fmt.Sprint("\x00\x01\x02\x03", n, Mark)) }, true},
	{"photo with a place", Located, true},
	{"WebP of nothing", func(n int) []byte {
		return []byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00")
	}, false},
	{"EICAR", func(n int) []byte { return EICAR() }, true}, // the scanner's to find
	{"EICAR behind a picture", func(n int) []byte { return append(PNG(n), EICAR()...) }, true},
}

func pngChunk(kind, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, kind+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func floodPNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", string(head)+"\x08\x06\x00\x00\x00")...)
	return append(append(out, pngChunk("IDAT", "\x78\x9c\x03\x00\x00\x00\x00\x01")...), pngChunk("IEND", "")...)
}

func floodJPEG(w, h uint16) []byte {
	b := JPEG(0)
	at := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[at+5:], h)
	binary.BigEndian.PutUint16(b[at+7:], w)
	return b
}

func zipped(files map[string]string) []byte {
	return encode(func(b *bytes.Buffer) error {
		w := zip.NewWriter(b)
		for name, content := range files {
			f, err := w.Create(name)
			if err != nil {
				return err
			}
			if _, err := f.Write([]byte(content)); err != nil {
				return err
			}
		}
		return w.Close()
	})
}

// locked sets the mark of encryption in both heads of the first entry.
func locked(b []byte) []byte {
	b[6] |= 1
	b[bytes.Index(b, []byte("PK\x01\x02"))+8] |= 1
	return b
}

func linked() []byte {
	return encode(func(b *bytes.Buffer) error {
		w := zip.NewWriter(b)
		h := &zip.FileHeader{Name: "link"}
		h.SetMode(fs.ModeSymlink | 0o777)
		f, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		f.Write([]byte("/etc/passwd"))
		return w.Close()
	})
}

// overlapping returns an archive whose directory names one stretch twice.
func overlapping() []byte {
	b := zipped(map[string]string{"a": strings.Repeat("x", 1000)})
	at, end := bytes.Index(b, []byte("PK\x01\x02")), bytes.Index(b, []byte("PK\x05\x06"))
	entry := bytes.Clone(b[at:end])
	tail := bytes.Clone(b[end:])
	binary.LittleEndian.PutUint16(tail[8:], 2)
	binary.LittleEndian.PutUint16(tail[10:], 2)
	binary.LittleEndian.PutUint32(tail[12:], uint32(2*len(entry)))
	return append(append(bytes.Clone(b[:end]), entry...), tail...)
}

func crowded(n int) []byte {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprint(i, ".txt")] = ""
	}
	return zipped(files)
}

// compound is a file of old Office with streams of these names, as far as names are looked for.
func compound(streams ...string) []byte {
	b := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 504)...)
	for _, s := range streams {
		for _, c := range []byte(s) {
			b = append(b, c, 0)
		}
		b = append(b, make([]byte, 64)...)
	}
	return b
}
