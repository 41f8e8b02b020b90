// Package pack is the pack language: it reads packs, checks them, and compiles them into kinds
// of matter, registers and indicators.
//
// [Load] compiles the packs of a file system into a [Set], or returns every fault of every file
// at once as [Faults], each with its place, the line, a caret and where possible a hint.
// [Test] walks a pack's own cases through the rules of the kernel. [Schema] returns the JSON
// Schema of pack.yaml and cases.yaml for editors, made from the same types that the reader fills,
// and [FormSchema] that of an act's form. [Bundle] packs a folder into the bytes that are stored
// when it is installed; their SM3 is the version that every matter opened under it keeps.
//
// A pack that compiles keeps the physics of the kernel's verbs, can be opened, can reach each of
// its states and come to an end from each, leaves no clock running at the end, and says every word
// in both languages. The room reads only the file system that it is handed; what the words mean
// for a matter is left to [matter], how they are shown to the faces. The language is told by example in
// docs/packs.md.
package pack
