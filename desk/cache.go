package desk

import (
	"container/list"
	"sync"

	"bihuan/ground/name"
)

// cache keeps the states of streams that were used lately. A state is a value that is never
// changed, so it can be handed out freely; a batch that loses a race drops what it touched.
type cache[T any] struct {
	mu   sync.Mutex
	most int
	by   map[name.ID]*list.Element
	used *list.List // front: used last
}

type cached[T any] struct {
	id      name.ID
	version int64
	state   T
}

func newCache[T any](most int) *cache[T] {
	return &cache[T]{most: most, by: map[name.ID]*list.Element{}, used: list.New()}
}

// get returns a state and counts as use.
func (c *cache[T]) get(id name.ID) (state T, version int64, ok bool) {
	return c.find(id, true)
}

// peek is get without counting as use.
func (c *cache[T]) peek(id name.ID) (state T, version int64, ok bool) {
	return c.find(id, false)
}

func (c *cache[T]) find(id name.ID, used bool) (state T, version int64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.by[id]
	if !ok {
		return state, 0, false
	}
	if used {
		c.used.MoveToFront(e)
	}
	v := e.Value.(*cached[T])
	return v.state, v.version, true
}

// put keeps a state unless a newer one is there.
func (c *cache[T]) put(id name.ID, version int64, state T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.by[id]; ok {
		if v := e.Value.(*cached[T]); v.version < version {
			v.version, v.state = version, state
		}
		c.used.MoveToFront(e)
		return
	}
	c.by[id] = c.used.PushFront(&cached[T]{id, version, state})
	if c.used.Len() > c.most {
		last := c.used.Back()
		c.used.Remove(last)
		delete(c.by, last.Value.(*cached[T]).id)
	}
}

func (c *cache[T]) drop(id name.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.by[id]; ok {
		c.used.Remove(e)
		delete(c.by, id)
	}
}
