package find

import "encoding/binary"

// A list holds the documents of one term, rising, and the places where the term stands in each.
//
// docs has for each document: the distance from the one before (from -1 for the first) × 4, + 2 if the term stands in the head, + 1 if it
// stands once, as a varint; otherwise how often, as another. places has for each document its places, each as the
// distance from the one before, the first as itself.
type list struct {
	n            int
	docs, places []byte
}

// bodyFrom is the place where the body begins: the head has those before it, and what of it is longer counts as body.
const bodyFrom = 64

// writer adds postings to a list. Documents must rise, and places within each.
type writer struct {
	list
	doc    int64 // the last one written or being written, -1 for none
	before int64 // the one before it
	tf     int
	head   bool
	place  uint32
}

func (w *writer) begin(doc uint32) {
	w.end()
	w.before, w.doc = w.doc, int64(doc)
	w.n++
	w.tf, w.head, w.place = 0, false, 0
}

func (w *writer) add(place uint32) {
	w.places = binary.AppendUvarint(w.places, uint64(place-w.place))
	w.place = place
	w.tf++
	w.head = w.head || place < bodyFrom
}

// whole adds a posting that was written elsewhere.
func (w *writer) whole(doc uint32, tf int, head bool, places []byte) {
	w.begin(doc)
	w.tf, w.head = tf, head
	w.places = append(w.places, places...)
}

// end finishes the last document.
func (w *writer) end() {
	if w.tf == 0 {
		return
	}
	code := uint64(w.doc-w.before) << 2
	if w.head {
		code |= 2
	}
	if w.tf == 1 {
		code |= 1
	}
	w.docs = binary.AppendUvarint(w.docs, code)
	if w.tf > 1 {
		w.docs = binary.AppendUvarint(w.docs, uint64(w.tf))
	}
	w.tf = 0
}

// reader walks over a list. Places are read only where somebody asks for them.
type reader struct {
	docs, places []byte
	doc          uint32
	last         int64
	tf           int
	head         bool
	owed         int // places that belong to documents before this one
}

func (l *list) reader() reader { return reader{docs: l.docs, places: l.places, last: -1} }

// next goes to the next document; false at the end, and where the bytes are no list.
func (r *reader) next() bool {
	r.owed += r.tf
	code, n := uvarint(r.docs)
	if n <= 0 {
		r.tf = 0
		r.docs = nil
		return false
	}
	r.docs = r.docs[n:]
	r.last += int64(code >> 2)
	r.doc, r.head, r.tf = uint32(r.last), code&2 != 0, 1
	if code&1 == 0 {
		tf, n := uvarint(r.docs)
		if n <= 0 || tf > 1<<30 {
			r.docs = nil
			return false
		}
		r.docs, r.tf = r.docs[n:], int(tf)
	}
	return true
}

// raw returns the places of the document as they are written.
func (r *reader) raw() []byte {
	r.places = skip(r.places, r.owed)
	r.owed = 0
	rest := skip(r.places, r.tf)
	raw := r.places[:len(r.places)-len(rest)]
	return raw
}

// at appends the places of the document to buf.
func (r *reader) at(buf []uint32) []uint32 {
	raw, place := r.raw(), uint32(0)
	for len(raw) > 0 {
		d, n := uvarint(raw)
		if n <= 0 {
			break
		}
		raw = raw[n:]
		place += uint32(d)
		buf = append(buf, place)
	}
	return buf
}

// skip drops n varints.
func skip(b []byte, n int) []byte {
	i := 0
	for ; n > 0 && i < len(b); i++ {
		if b[i] < 0x80 {
			n--
		}
	}
	return b[i:]
}

// uvarint is binary.Uvarint with its commonest case first.
func uvarint(b []byte) (uint64, int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	return binary.Uvarint(b)
}
