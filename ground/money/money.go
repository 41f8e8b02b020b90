// Package money holds the values that goals and payments are made of: exact decimals,
// quantities with a unit, and fen. No value of the platform is a float.
//
// Most callers need [Parse] for a plain decimal, [ParseQuantity] for what a report or a
// form says (“23亿元”, “60%”, “3.5个百分点”), and Format on [Quantity] or [Fen] to show it.
//
// It promises that a sum, a difference or a comparison is exact or an error, that a
// percentage and a percentage point are two units, and that equal values are equal
// in Go (==), in text and in JSON: trailing zeros are not kept. A product or quotient
// has 19 significant digits, rounded half to even. What a figure means, and whether two
// of them may be compared at all, is left to kernel/indicator.
package money
