package draw

import (
	"fmt"
	"html"
	"html/template"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QR draws a text as a QR code (ISO/IEC 18004, error correction M) of one SVG path, with the quiet zone of four modules
// that readers need. label is what is read out instead of it.
func QR(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	const quiet, module = 4, 4 // modules of white around it; pixels of a module, whole ones, so that all are of one size
	n := code.Bounds().Dx()
	var path strings.Builder
	for y := range n {
		for x := range n {
			if dark(code.At(x, y)) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	size := n + 2*quiet
	return template.HTML(fmt.Sprintf(`<svg class="qr" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		size*module, size*module, size, size, html.EscapeString(label), size, size, path.String())), nil
}

func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r == 0
}
