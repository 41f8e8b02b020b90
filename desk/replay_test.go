package desk_test

import (
	"context"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// edited is a store of which somebody has edited one row.
type edited struct {
	*store.Store
	stream name.ID
	edit   func(*journal.Row) error
}

func (s *edited) Row(ctx context.Context, stream name.ID) (journal.Row, error) {
	row, err := s.Store.Row(ctx, stream)
	if err == nil && stream == s.stream {
		err = s.edit(&row)
	}
	return row, err
}
