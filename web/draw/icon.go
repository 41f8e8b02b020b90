package draw

import "html/template"

// icons are the drawings of the pages, 24 × 24, after the outline style of Tabler Icons (MIT).
var icons = map[string]string{
	"home":     `<path d="M5 12H3l9-9 9 9h-2"/><path d="M5 12v7a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-7"/><path d="M9 21v-6h6v6"/>`,
	"target":   `<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="5"/><circle cx="12" cy="12" r="1"/>`,
	"list":     `<path d="M9 6h11M9 12h11M9 18h11M5 6v.01M5 12v.01M5 18v.01"/>`,
	"chart":    `<path d="M3 3v18h18"/><path d="M7 15l4-5 3 3 5-7"/>`,
	"flag":     `<path d="M5 21V4h12l-2 4 2 4H5"/>`,
	"users":    `<circle cx="9" cy="7" r="4"/><path d="M3 21v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2M16 3.1a4 4 0 0 1 0 7.8M21 21v-2a4 4 0 0 0-3-3.9"/>`,
	"file":     `<path d="M14 3v5h5"/><path d="M17 21H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h7l5 5v11a2 2 0 0 1-2 2z"/>`,
	"clock":    `<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>`,
	"check":    `<path d="M5 12l5 5L20 7"/>`,
	"x":        `<path d="M18 6L6 18M6 6l12 12"/>`,
	"alert":    `<path d="M12 9v4M12 17v.01"/><path d="M10.4 3.6L2.3 17a2 2 0 0 0 1.7 3h16a2 2 0 0 0 1.7-3L13.6 3.6a2 2 0 0 0-3.2 0z"/>`,
	"map":      `<path d="M3 7l6-3 6 3 6-3v13l-6 3-6-3-6 3V7M9 4v13M15 7v13"/>`,
	"trophy":   `<path d="M8 21h8M12 17v4M7 4h10v6a5 5 0 0 1-10 0z"/><path d="M7 6H4v2a3 3 0 0 0 3 3M17 6h3v2a3 3 0 0 1-3 3"/>`,
	"filter":   `<path d="M4 5h16l-6 7.5V19l-4 1.5v-8z"/>`,
	"download": `<path d="M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 11l5 5 5-5M12 4v12"/>`,
	"upload":   `<path d="M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 9l5-5 5 5M12 4v12"/>`,
	"print":    `<path d="M17 17h2a2 2 0 0 0 2-2v-4a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v4a2 2 0 0 0 2 2h2M17 9V5a2 2 0 0 0-2-2H9a2 2 0 0 0-2 2v4M7 13h10v8H7z"/>`,
	"shield":   `<path d="M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z"/><path d="M9 12l2 2 4-4"/>`,
	"book":     `<path d="M3 19a9 9 0 0 1 9 0 9 9 0 0 1 9 0M3 6a9 9 0 0 1 9 0 9 9 0 0 1 9 0M3 6v13M12 6v13M21 6v13"/>`,
	"flow":     `<path d="M4 4h6v6H4zM14 14h6v6h-6zM10 7h4a3 3 0 0 1 3 3v4"/>`,
	"scale":    `<path d="M7 20h10M6 6l6-1 6 1M12 3v17M9 12L6 6l-3 6a3 3 0 0 0 6 0M21 12l-3-6-3 6a3 3 0 0 0 6 0"/>`,
	"screen":   `<path d="M3 5a1 1 0 0 1 1-1h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM7 20h10M9 16v4M15 16v4"/>`,
	"external": `<path d="M12 6H6a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-6M11 13l9-9M15 4h5v5"/>`,
	"clip":     `<path d="M15 7l-6.5 6.5a1.5 1.5 0 0 0 3 3L18 10a3 3 0 0 0-6-6l-6.5 6.5a4.5 4.5 0 0 0 9 9L21 13"/>`,
}

// Icon draws an icon that says nothing to a screen reader; the words stand beside it.
func Icon(called string) template.HTML {
	return template.HTML(`<svg class="icon" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">` + icons[called] + `</svg>`)
}
