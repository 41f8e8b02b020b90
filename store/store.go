package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
)

// Store is an open database. Its methods may be called by many goroutines.
type Store struct {
	path    string
	dialect Dialect
	lock    *os.File
	readers *readers
	count   int // of readers
	narrow  int // see Options
	writer  *writer
	left    left
	closing sync.Once
	ctx     context.Context // ends with the store
	end     context.CancelFunc
	rest    sync.WaitGroup // what runs beside
}

// Options are the sizes of a store. The zero value is good for a server of a district.
type Options struct {
	Readers int // connections for reading; 0 means two for each processor, at least 4
	Queue   int // batches that may wait to be written, more are refused; 0 means 4096
	Group   int // batches that one commit may hold; 0 means 256
	Narrow  int // see decision 0003: streams up to which a filter leads a list; 0 means 5000
	Behind  int // rows that the tables of lists may be behind the log with, see decision 0007; 0 means 1024

	// Fleeting says that nobody needs the file after this process, as that of a demo that is forgotten at its end: nothing is
	// synced, and a power cut may leave no database at all. A process that is killed loses nothing.
	Fleeting bool

	// Planted faults, set by tests of this room only.
	pragmas []string                 // run after ours
	fail    func(point string) error // called before COMMIT
	pages   int64                    // in place of checkpointPages
	forget  bool                     // leave out the entries of the table behind
	hold    bool                     // bring the tables up to date only for who waits
}

const (
	defaultBehind = 1024
	defaultQueue  = 4096
	defaultGroup  = 256
)

// busyMS is how long a reader may wait for a lock, which in WAL mode it needs only while recovering.
const busyMS = 5000

// Open opens or creates the database at path and takes path.lock for this process.
//
// It refuses, with the reason, a file that another process holds or that lies on a network
// file system ([fault.ErrUnavailable]), one that belongs to another program or a newer
// version ([fault.ErrInvalid]), and a database whose settings do not survive a power cut, unless it is [Options.Fleeting].
func Open(path string, o Options) (*Store, error) {
	s, err := open(path, o.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Readers <= 0 {
		o.Readers = max(leastReaders, readersEach*runtime.GOMAXPROCS(0))
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	if o.Group <= 0 {
		o.Group = defaultGroup
	}
	if o.Narrow <= 0 {
		o.Narrow = 5000
	}
	if o.Behind <= 0 {
		o.Behind = defaultBehind
	}
	if o.pages <= 0 {
		o.pages = checkpointPages
	}
	if o.fail == nil {
		o.fail = func(string) error { return nil }
	}
	return o
}

func open(path string, o Options) (*Store, error) {
	if kind := network(filepath.Dir(path)); kind != "" {
		return nil, fmt.Errorf("the file lies on %s, where a lock or a sync cannot be relied upon: %w", kind, fault.ErrUnavailable)
	}
	l, err := lock(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, dialect: SQLite, lock: l, readers: newReaders(o.Readers), narrow: o.Narrow}
	s.ctx, s.end = context.WithCancel(context.Background())
	if err := s.connect(o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// connect opens the writing connection, checks it, migrates, and opens the reading ones.
func (s *Store) connect(o Options) error {
	if err := newFile(s.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	w, err := openSQLite(s.path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return err
	}
	for _, do := range []func() error{
		func() error { _, err := recognise(w); return err }, // before anything is changed
		func() error { return prepareWriter(w, o) },
		func() error { return migrate(w, s.dialect) },
		func() error { return catchUp(w, s.dialect) },
		func() error { return syncDir(filepath.Dir(s.path)) },
	} {
		if err := do(); err != nil {
			w.close()
			return err
		}
	}
	s.writer = newWriter(w, s.dialect, o)
	if err := s.writer.commands.open(w, s.dialect); err != nil {
		w.close()
		s.writer = nil
		return err
	}
	if s.writer.checkpoints, err = startCheckpointer(s.path, s.writer, o); err != nil {
		w.close()
		s.writer = nil
		return err
	}
	go s.writer.run()
	for range o.Readers {
		r, err := openSQLite(s.path, sqlite.OpenReadWrite)
		if err != nil {
			return err
		}
		s.readers.put(r)
		s.count++
		if err := settings(r, readerPragmas); err != nil {
			return err
		}
	}
	s.rest.Go(func() { s.keepFilter(s.ctx) })
	return nil
}

// Close writes what is queued, folds the log file into the database and lets go of the lock. What is asked afterwards is refused
// with [fault.ErrUnavailable]; closing again does nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() { err = s.close() })
	return err
}

func (s *Store) close() error {
	s.end()
	s.rest.Wait()
	errs := s.readers.shut(s.count)
	if s.writer != nil {
		errs = append(errs, s.writer.stop())
	}
	errs = append(errs, s.lock.Close())
	return errors.Join(errs...)
}

// Healthy returns nil while the store can write, and otherwise why not. After a failed
// write it never recovers: the process must end and be started again.
func (s *Store) Healthy() error { return s.writer.healthy() }

// read runs f on a reading connection, in one snapshot, and stops it when ctx ends.
func (s *Store) read(ctx context.Context, doing string, f func(conn) error) (err error) {
	c, err := s.readers.take(ctx)
	if err != nil {
		return wrap(ctx, doing, err)
	}
	if c == nil {
		return wrap(ctx, doing, fmt.Errorf("%w: %w", fault.ErrUnavailable, errClosed))
	}
	defer s.readers.put(c)
	defer func() {
		if e := c.leave(); err == nil {
			err = wrap(ctx, doing, e)
		}
	}()
	defer c.during(ctx)()
	return wrap(ctx, doing, f(c))
}

// snapshot is read with all statements of f seeing the same moment. Whoever gives up in the middle leaves no transaction
// open: a connection that ctx has stopped refuses ROLLBACK too, so read ends it when the connection is its own again.
func (s *Store) snapshot(ctx context.Context, doing string, f func(conn) error) error {
	return s.read(ctx, doing, func(c conn) error {
		if _, err := c.exec("BEGIN"); err != nil {
			return err
		}
		return f(c)
	})
}

// settled is snapshot of tables that show everything that was acknowledged before it was called. While nothing
// can be written, because the disk is full or the writer has stopped, they may be [Options.Behind] rows behind.
func (s *Store) settled(ctx context.Context, doing string, f func(conn) error) error {
	if ready := s.writer.behind.settled(); ready != nil && s.writer.healthy() == nil {
		select {
		case <-ready:
		case <-s.writer.done:
		case <-ctx.Done():
			return wrap(ctx, doing, ctx.Err())
		}
	}
	return s.snapshot(ctx, doing, f)
}

// syncDir makes the names of new files in dir durable.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
