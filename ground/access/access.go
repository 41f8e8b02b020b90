// Package access decides who may do what to which object: deny by default, from one
// data file, once.
//
// A policy is plain rows ([Source]) that [Compile] checks and turns into a [Policy].
// [Policy.Check] answers a request on one object with nil or the error to show;
// [Policy.Evaluate] answers with the reasons; [Policy.Filter] gives the same rule as a
// condition on rows, for lists. Every page, API method, command and list column names
// one of the [Actions]: the set is closed.
//
// It promises that what no row grants is denied, that an empty person, unit or path
// matches nothing, that an object whose class is not set counts as the highest class,
// and that a filter passes exactly the rows that Evaluate allows (bar A-01). It is pure:
// the same question has the same answer, whatever the time. Who somebody is, and whether
// a role is still theirs, is left to kernel/account; purpose, time of day and age of the
// sign-in join here as further conditions of a [Grant] when accounts come.
//
// The condition is role ∧ scope ∧ data class ∧ no conflict of duty, after the scope model
// of GB/T 22239-2019 (等保2.0 level 3, 8.1.4.2 as read about) and the three administrators
// 三员分立.
package access

import (
	"fmt"

	"bihuan/ground/fault"
)

// Class is how sensitive a value is 数据分级. The zero value is not set, which counts as
// [Restricted] on what is read and as [Public] on who reads.
type Class uint8

// The data classes, rising.
const (
	Public     Class = iota + 1 // P 公开
	Internal                    // N 内部
	Sensitive                   // S 敏感, personal
	Restricted                  // H 高度敏感
)

var classLetters = [...]string{"", "P", "N", "S", "H"}

// ParseClass reads P, N, S or H. It wraps [fault.ErrInvalid].
func ParseClass(s string) (Class, error) {
	for c := Public; c <= Restricted; c++ {
		if classLetters[c] == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("data class %q is none of P, N, S, H: %w", s, fault.ErrInvalid)
}

// String returns the letter, empty for a class that is not set.
func (c Class) String() string {
	if int(c) >= len(classLetters) {
		return fmt.Sprintf("Class(%d)", uint8(c))
	}
	return classLetters[c]
}

// MarshalText returns the letter.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what [ParseClass] reads.
func (c *Class) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClass(string(text))
	return err
}

// needed is the class that one must reach to read what is marked c.
func (c Class) needed() Class {
	if c < Public || c > Restricted {
		return Restricted
	}
	return c
}

// Scope is which objects of a type a grant concerns, seen from who asks.
type Scope string

// The scopes.
const (
	All         Scope = "all"          // every object 全部
	OwnUnit     Scope = "own-unit"     // the lead unit is mine 本单位
	Subtree     Scope = "unit-subtree" // the lead unit is mine or below it 本单位及下级
	Assisting   Scope = "assisting"    // my unit assists 协办
	SetByUnit   Scope = "set-by-unit"  // my unit set the task 本单位交办
	Supervising Scope = "supervising"  // my unit set a supervision order about it 本单位督办
	Assigned    Scope = "assigned"     // I hold it now 本人经办
	Involved    Scope = "involved"     // I hold it or took part in it 本人参与
	Published   Scope = "public"       // it is published 已公开
)

var scopes = []Scope{All, OwnUnit, Subtree, Assisting, SetByUnit, Supervising, Assigned, Involved, Published}
