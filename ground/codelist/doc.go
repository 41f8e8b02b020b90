// Package codelist reads the codes that official papers carry and says whether they can be
// right: [ParseCreditCode] 统一社会信用代码 and [ParseIDNumber] 公民身份号码.
//
// Every parser is pure, takes what a person typed (spaces around it and lower case are
// mended), and answers with the code in its one written form or with an error that wraps
// [fault.ErrInvalid] and says which part is wrong. A number of a person never stands in an
// error, and [IDNumber] prints itself masked.
//
// Divisions and industry sections are rows of the registers of pack cn.
package codelist
