package web

import (
	"strconv"
	"sync"
)

// reading is how far the reports are that are being read just now, in per cent, by the command that reads them. It is
// bounded: what does not fit is not told, and read all the same.
type reading struct {
	mu  sync.Mutex
	far map[string]int
}

const maxReading = 256

// say notes how far a command is.
func (r *reading) say(command string, done, total int) {
	if command == "" || total <= 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.far[command]; !known && len(r.far) >= maxReading {
		return
	}
	if r.far == nil {
		r.far = map[string]int{}
	}
	r.far[command] = 100 * done / total
}

// end forgets a command.
func (r *reading) end(command string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.far, command)
}

// of returns how far a command is; known is false before it began and after it ended.
func (r *reading) of(command string) (percent int, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	percent, known = r.far[command]
	return percent, known
}

// importProgress answers with how far an import is: a whole number of per cent, or nothing while there is none. The
// command is a secret of the form that sent it.
func (s *server) importProgress(q *request) error {
	q.done = true
	h := q.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	percent, known := s.reading.of(q.Asked("command"))
	if !known {
		q.w.WriteHeader(204)
		return nil
	}
	_, err := q.w.Write([]byte(strconv.Itoa(percent)))
	return err
}
