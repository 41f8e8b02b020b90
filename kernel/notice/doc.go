// Package notice says what people and programs are told about what happens (通知): the closed list of occasions [About], where
// somebody can be reached ([Address]), when a message may go out ([Quiet]), and how often a failed one is tried again ([Backoff]).
//
// [Sender] is what rooms ask that have a message for one person which waits for nothing, such as a one-time code.
// Templates of packs speak in the slots of [Slots]; [CheckTemplate] finds the place of a slot that does not exist.
//
// It promises: what stands in a message is checked here, so that no address and no text can forge a header of a mail
// or a second message. Who is told of what is decided by desk/notices; carrying a message out is the room egress.
package notice
