package journal

// Book is which index of full text is meant: a log has several, for what different people may find.
type Book string

// Part is a part of a book: some documents, whose postings stand in leaves.
type Part struct {
	ID    int64
	Age   int64  // rises; where two parts speak of one document the younger is believed
	Docs  int64  // how many
	Cards []byte // what the index keeps at hand of each
}

// Leaf is one page of a part. Its bytes mean something to the index only.
type Leaf struct {
	First int64 // the first term on it
	Bytes []byte
}

// LeafAt asks for the leaf of a part with the greatest First that is at most Term.
type LeafAt struct {
	Part int64
	Term int64
}
