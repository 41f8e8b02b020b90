// Package seal encrypts values of persons so that each person's can be destroyed alone (信封加密).
//
// Most callers need [Seal] and [Open], which lock one value under the [Key] of one subject, and a [KeyHolder], which locks
// those keys under the district's own (密钥加密密钥). [Ring] is the holder in software; one over a device of
// GM/T 0018 (SDF) has the same four methods. [Blind] is the keyed hash by which a value is found again without being read.
//
// It promises: an envelope opens only at its [Place] (log, subject and field are its associated data) and tells its suite;
// no two different values are ever sealed under one key with one nonce, even by a source of chance that repeats itself,
// because the nonce is drawn from chance, key, place and value together. Keys print as "(key)".
//
// The suite is SM4-GCM: SM4 of GB/T 32907-2016 in GCM as RFC 8998, section 2, has it. Reading key files, drawing chance and
// keeping envelopes is other rooms' work.
package seal
