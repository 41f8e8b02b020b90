// Package e2e drives the built binary in real Chromium through the journeys that matter:
// by keyboard alone, at 360 and 1280 pixels, without script where that is promised, with
// an accessibility check on every page.
//
// A journey is a test in journey_NAME_test.go. It starts a house of its own with [demo],
// opens a page with [open], and ends each screen with looksRight, which checks width,
// accessibility and console and leaves a picture under shots/:
//
//	func TestJourneyPromise(t *testing.T) {
//		p := open(t, demo(t), browser.Options{})
//		p.visit("/")
//		p.follow(`a[href="/goals"]`)
//		p.looksRight("goals")
//	}
//
// It needs Chromium, Chinese fonts, and axe-core (npm ci in this folder); ./check at the
// root provides them. Without them the tests skip and say so, with CI=true they fail.
package e2e
