// Package ingest reads outside files into plain values: a report into clean text with
// [Text], a spreadsheet that an office keeps into a [Table] with [Sheet].
//
// A file is known by its bytes; the name is used only where bytes cannot tell (Markdown).
// Text comes out as UTF-8 without a byte order mark and with line ends \n, so that
// offsets counted in code points mean the same to everyone who reads it later. What
// cannot be read is refused with a [Refused], which says in plain words what the file is
// and what to do. Every reader works in bounded time and memory and never panics.
//
// What the data means is left to the desk: ingest does not know which column is whose.
package ingest

// The limits. All are ours, chosen so that the worst accepted file is read within about
// two seconds on one core; a real report has 20,000 to 70,000 characters.
const (
	MaxFile      = 20 << 20  // bytes of a file; not one byte more than this plus one is read
	MaxText      = 2_000_000 // code points of a decoded text
	MaxRows      = 50_000    // rows of a spreadsheet that hold anything, without the header
	MaxColumns   = 200       // columns of a spreadsheet
	MaxCell      = 32 << 10  // bytes of one cell
	MaxCells     = 500_000   // cells of a spreadsheet that hold anything
	maxUnzipped  = 200 << 20 // bytes of all entries of an archive together, as declared
	maxPart      = 32 << 20  // bytes of the one part of an archive that is read, as unpacked
	maxRatio     = 100       // unpacked to packed, for entries above minRatioSize
	minRatioSize = 1 << 20   // bytes below which the ratio says nothing
	maxEntries   = 1000      // entries of an archive
	maxDepth     = 256       // nested elements of an XML part
)
