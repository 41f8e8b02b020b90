// Package matter is 件, the closed loop: something that somebody must bring to a close.
//
// [Decide] holds every rule: given a [Kind], the [Matter] as it stands and a [Command], it
// answers with the [Decision] that the command leads to, or refuses with a reason that a
// person can read. [Tick] is the same for what falls due by itself. [Apply] holds every
// consequence and cannot fail. Both are pure: the time and every new id travel in the command.
//
// The room promises the invariants of the design: who did the work does not verify it,
// closing needs the evidence that the kind asks for, clocks move only by events, nothing is
// deleted, only the setter of a task strikes it off, each rung of a ladder fires once, a
// matter is always somebody's, and what takes two is done by somebody else than who asked. It rests on [calendar] for due times and on [field] for values;
// who may see what is left to the access room, remembering to the store.
package matter
