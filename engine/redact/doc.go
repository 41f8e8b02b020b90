// Package redact finds in free text what must not be shown to the public: identity numbers,
// telephones, plates, cards and accounts, the doors of homes, and names of persons.
//
// Most callers need [Mask]; [Find] tells what was found, where and by which rule, so that a
// person can see why. Both are pure functions of the text; one reading is linear in its length.
//
// What is hidden follows the product's data classes: a published text carries no identity
// number, telephone, plate or home address, and of a name only the surname (张**). Numbers are
// found also when written in full width, in Chinese digits or in groups. A number whose check
// symbol is wrong is hidden too: a typing mistake does not make it public.
//
// Names are a judgement. The engine knows surnames and the words that stand before and after a
// name (我叫…, 联系人：…, …先生); it would rather hide a word too many than show a name. How often
// it does either stands in testdata/quality.txt. A name that nothing announces is not found: who
// publishes a text looks at it first. Short public numbers (110, 12345) and the names of offices stay.
//
// It rests on the standard library alone. Faces and plates in photographs are not its subject.
package redact
