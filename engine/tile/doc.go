// Package tile writes vector tiles: squares of a map, each with layers of points, lines and areas that a browser draws.
//
// An [ID] names a square of the pyramid of web maps; [ID.Points], [ID.Lines] and [ID.Areas] bring geometry from WGS-84 into its
// coordinates, clipped to it and a rim, and [Encode] writes layers as a Mapbox Vector Tile. [Clusters] gathers the points of
// a tile into squares with counts, so that a tile has a few hundred features however many points lie in it.
//
// Same input, same bytes. What a feature may say to whom is not decided here.
//
// Source: Mapbox Vector Tile Specification 2.1 (2016), as published at github.com/mapbox/vector-tile-spec under CC BY 3.0 US.
//
// The room rests on [bihuan/ground/geo].
package tile
