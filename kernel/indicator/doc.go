// Package indicator is 数: figures with their targets. A [Definition] says what is measured;
// a [Goal] is a promise of the report turned into a figure that somebody owns.
//
// [Goal.Read] says where a goal stands on a day: planned, actual, the light and why. [Rank]
// ranks peers, [Cover] holds a goal against its children, [Score] assesses. [Decide] and
// [Apply] are the goal's life as events: what was promised stays for ever beside what was
// changed later, and a corrected figure never overwrites the one it corrects.
//
// All is exact and pure: values are [money.Decimal], never floating point; the day travels in
// the question. Rates may exceed 100 % and growth may be −90 %: nothing is clamped but a score.
package indicator
