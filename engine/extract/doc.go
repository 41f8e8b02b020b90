// Package extract reads a government work report (政府工作报告) and yields its statements:
// every measurable figure and every milestone, past or promised, each with the rule that
// found it and a confidence.
//
// Most callers need [Read] and [Result.Sentence]; [Statement] says what a statement holds.
// It rests on [bihuan/ground/name] for words in two languages and [bihuan/ground/fault] for the kinds of error.
//
// What counts as a statement follows the annotation guide of the reports we test with: a
// number item is an amount, level, growth, share, ratio, multiple or term that is said of a
// subject; a milestone is a definite thing that is there or is not (建成, 开工, 全覆盖, a title).
// Dates, ordinals, names, slogans, thresholds that only delimit a subject, and vague aims are none.
//
// The engine is a pure function of the text: no model, no files, no clock. It knows the
// grammar of such reports from tables of words; each table names the texts that motivated it.
//
// # Identity
//
// [Statement.ID] depends on what a statement says and on its sentence, not on its place, so
// that importing the same report again proposes only what is new. It is the 128-bit FNV-1a hash of
// type, kind, year, operator, value, upper end, unit, subject, quotation and sentence, the last three
// without blanks and punctuation; equal statements of one report are numbered. It is no
// protection against forgery. A better engine may read another subject and so give another identity.
//
// What it leaves to others: decoding of files (room ingest), and whose a promise is and what it means (desk).
package extract
