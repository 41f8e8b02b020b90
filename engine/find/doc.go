// Package find is full text over short Chinese texts with Latin letters and numbers among them 全文检索: any two characters
// that stand together find what holds them, the best first.
//
// [Index.Put] takes documents in, [Parse] reads what somebody typed, [Index.Search] answers it, and [Highlight] tells where in
// a text the words stand. A finished part of an index is a list of [Leaf] pages that somebody else keeps; [Index.Merge] makes one
// part of several, and [Pages] is how the index reads them again, so that it needs no memory for texts: a document costs 22 bytes and what its slices have to spare.
//
// What is looked for is characters, not words: a term is two neighbouring letters or digits of a text, folded, and what was typed
// is found where all its characters stand in a row. So 路灯, 吉A12345, 00123 and LED need no dictionary, and none is wrong. Blanks and
// signs part what was typed into phrases that must all be there.
//
// It promises: exact phrases; the same index and question, the same answer; what was put out or put in anew is found no longer.
// It leaves to others: which texts belong to a document, who may see it, and where pages are kept. An index is not safe for
// several goroutines while one of them changes it.
//
// Score after BM25: S. Robertson, H. Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond”, Foundations and
// Trends in Information Retrieval 3(4), 2009, §3.1, as read about; the bonus for the head is ours.
package find
