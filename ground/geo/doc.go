// Package geo is where things are: points, boxes and distances, polygons with holes, and which polygon a point lies in.
//
// [ParsePoint] reads the stored form of a place, [Point.DistanceM] measures, [ReadShape] reads a polygon from GeoJSON,
// and [Index.At] finds, among many polygons, those that hold a point, in microseconds.
//
// Everything inside the house is WGS-84 (CGCS2000 is the same within a metre), longitude first. Two other datums come in
// from Chinese map services and exist only at the edge: [GCJ02] and [BD09] are types of their own, so that neither is
// taken for a [Point], from which it lies some 600 m away; see [Datum].
//
// The room is pure and reads no files. It rests on ground/fault.
package geo
