package corpus

import "io"

// Slow is a body that takes its time: before happens once, ahead of the first byte.
func Slow(body io.Reader, before func()) io.Reader { return &slow{body, before} }

type slow struct {
	io.Reader
	before func()
}

func (s *slow) Read(p []byte) (int, error) {
	if s.before != nil {
		s.before()
		s.before = nil
	}
	return s.Reader.Read(p)
}
