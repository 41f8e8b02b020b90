// Package rule holds three-valued expressions over facts and their portable form. It is the
// only room that knows CEL.
//
// [NewSchema] turns the fields of a pack into typed names, [Compile] an expression over
// them into a [Rule], and [Rule.Eval] says yes, no, or unknown because these facts are
// missing. [Rule.Predicate] gives the rule as a tree that a store can turn into SQL and a
// page into words, if it keeps to the subset.
//
// It promises that the same rule and facts give the same answer and the same bytes, that
// no expression reads anything but the facts, that one evaluation costs at most [CostLimit],
// and that no value is a float: 3.5 in an expression is an exact decimal. What a rule is
// for, and what follows from its answer, is left to the kernel.
//
// # The language
//
// Names are the keys of the fields, with _ for each hyphen. Facts are the stored texts of
// [field.Kind]. Kinds compare with their own kind only:
//
//	text, choice, month, unit, person, record   "…"                     == != in startsWith contains endsWith
//	integer                              42                      == != < <= > >= in + - *
//	decimal                              3.5 or 3                == != < <= > >= in + - * /
//	money                                yuan(5e7)               == != < <= > >= in + - and times a decimal
//	date                                 date("2023-12-31")      == != < <= > >= in, minus a date, plus days
//	instant                              timestamp("2023-…")     == != < <= > >=; date(x) is its day in China
//	yes-no                               true, false             && || ! ?:
//	units                                ["housing"]             "housing" in x, size, all, exists, filter
//
// Whole numbers are not divided: 5 / 2 has no type; decimal(5) / 2 is 2.5. An empty fact is
// a missing fact. In && and ||, what is known decides where it can, as in SQL.
package rule
