// Package routing says to which unit a matter goes (派遣), by class, place and time, and why.
//
// [Choose] walks the rules that hold on the day in their order and takes the first that fits; its [Choice] tells the rule,
// the unit, and of every rule before it what did not fit, so that the receiver reads why it is theirs and the dispatcher why
// it is nobody else's. [ReadRule] reads a rule from the texts of a register's row and refuses what it cannot read.
//
// Rules are data of the district. The engine knows no class, place or unit of its own, asks no clock, and gives the same
// answer for the same rules and the same case.
package routing
