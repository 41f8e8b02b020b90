// Package calendar holds dates, holidays, working time and deadlines (期限): everything
// that a clock (时限) of a matter needs to know about time.
//
// Most callers build a [Calendar] once with [Parse] or [New], pair it with office hours in
// a [Schedule], and ask [Schedule.Due] when a [Clock] falls due, [Schedule.Standing] how it
// stands at an instant, and [Schedule.Derive] why. Planning backwards (倒排工期) is
// [Calendar.LatestStart]; plain counting is [Calendar.AddWorking] and [Calendar.WorkingBetween].
//
// The package is pure: it reads no clock, file or time-zone database. The same clock under
// the same calendar is always due on the same day. Adding working days costs the same for
// one day and for a thousand. A deadline that rests on a year whose holiday notice is not
// out yet says so ([Deadline.Provisional]) and is counted again once it is.
//
// # Local time
//
// Civil dates and times of day are those of Asia/Shanghai, taken as UTC+08:00 without
// exception. That is right from 15 September 1991 on. China kept summer time in 1986 to
// 1991; instants of those summers are out of range and come out an hour early.
//
// # Rules
//
// The rules of counting and where each comes from stand in docs/clocks.md; the clause is
// repeated at the line that applies it. Texts of law are cited as commonly printed.
//
// Permissions, who may pause or extend, reasons by law, and what happens when a clock runs
// out are left to kernel/matter.
package calendar
