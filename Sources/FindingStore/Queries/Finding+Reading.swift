import Findings
import GRDB

extension Finding {
    /// Databases of before version 3 know of one image alone.
    init(_ row: Row) throws {
        self.init(
            ordinal: Int(try row.integer("ordinal")), kind: try row.name("kind"), label: try row.text("label"),
            confidence: try row.number("confidence"), rawConfidence: try row.number("raw_confidence"),
            image: row.hasColumn("image") ? Int(try row.integer("image")) : 0,
            box: Box(
                x: Int(try row.integer("x")), y: Int(try row.integer("y")), width: Int(try row.integer("width")),
                height: Int(try row.integer("height"))),
            centroid: Point(x: try row.number("centroid_x"), y: try row.number("centroid_y")),
            areaPixels: try row.optionalInteger("area_px"),
            areaSquareMicrometres: try row.optionalNumber("area_um2"),
            probabilities: try row.numbers("probabilities").map {
                ClassProbability(label: $0.name, probability: $0.value)
            },
            measurements: try row.numbersByName("measurements"), geometry: try row.optionalBytes("geometry"))
    }
}
