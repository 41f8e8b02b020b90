// Package open311 is the desk's doors for other people's programs: Open311 GeoReport v2 under [Base], its sandbox under
// [Test], and the service discovery beside them.
//
// [New] returns the handler of everything below /open311/. Each method is one line in the table of routes, with the
// permission that it asks for. A method reads the request, asks [doors.Room], and answers in XML or JSON, whichever the
// address ends in. Both come from one type of each thing, so that neither can say something that the other does not.
//
// What it promises: nothing personal leaves, since everything goes out through the public view of a matter; what is
// filed goes the way of the public page, by the same receipts; the sandbox checks everything and records nothing.
// Cookies are neither read nor set, so that pages of any origin may ask.
//
// Limits: 256 KB of form, 32 MB with photos, 6 photos, 200 fields; 1000 requests to an answer, 90 days to a question;
// [doors.PerKey] and [doors.PerAddress].
//
// Source: GeoReport v2 and Service Discovery of wiki.open311.org, both frozen; the updates are those of mySociety's
// proposal "Open311 FMS". What the texts leave open is decided in docs/open311.md.
package open311
