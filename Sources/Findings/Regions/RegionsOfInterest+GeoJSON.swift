import Listings

/// Why outlines cannot be used: one line.
public struct OutlineError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension RegionsOfInterest {
    /// The largest file, in bytes.
    public static let mostBytes = 32 << 20

    /// Reads outlines as QuPath writes them: a collection of features (or one, or a list of them) with polygons in pixels. One
    /// whose classification is called `Ignore*` or `exclude` says what to leave out, any other what to look at.
    ///
    /// - Throws: for other shapes, other texts, and more than ``mostCorners``.
    public init(geoJSON text: String) throws(OutlineError) {
        guard text.utf8.count <= Self.mostBytes else {
            throw Self.error("they have more than \(Self.mostBytes >> 20) MiB")
        }
        let root: JSONValue
        do throws(JSONError) { root = try JSONValue(parsing: text) } catch { throw Self.error("\(error)") }
        guard [nil, .null].contains(root["crs"]) else {
            throw Self.error("they are in a coordinate reference system (crs), not in pixels of the image")
        }
        var (included, excluded): ([Polygon], [Polygon]) = ([], [])
        for (number, feature) in try Self.features(root).enumerated() {
            let polygons: [Polygon]
            do throws(OutlineError) { polygons = try Self.polygons(feature["geometry"]) } catch {
                throw Self.error("feature \(number + 1) \(error)")
            }
            if Self.isLeftOut(feature) { excluded += polygons } else { included += polygons }
        }
        self.init(included: included, excluded: excluded)
        guard !included.isEmpty || !excluded.isEmpty else { throw Self.error("they hold no outline") }
        guard cornerCount <= Self.mostCorners else {
            throw Self.error("they have more than \(Self.mostCorners) corners")
        }
    }

    private static func error(_ problem: String) -> OutlineError { OutlineError(description: problem) }

    private static func features(_ root: JSONValue) throws(OutlineError) -> [JSONValue] {
        if case .array(let features) = root { return features }
        switch root["type"] {
        case .text("FeatureCollection"):
            guard case .array(let features)? = root["features"] else { throw error("the collection has no features") }
            return features
        case .text("Feature"): return [root]
        default: throw error("this is no GeoJSON of features")
        }
    }

    private static func polygons(_ geometry: JSONValue?) throws(OutlineError) -> [Polygon] {
        guard case .array(let coordinates)? = geometry?["coordinates"] else { throw error("has no coordinates") }
        switch geometry?["type"] {
        case .text("Polygon"): return [try polygon(coordinates)]
        case .text("MultiPolygon"):
            var polygons: [Polygon] = []
            for case let part in coordinates {
                guard case .array(let rings) = part else { throw error("has a polygon that is none") }
                polygons.append(try polygon(rings))
            }
            return polygons
        default: throw error("is no polygon: only these can be looked into")
        }
    }

    private static func polygon(_ rings: [JSONValue]) throws(OutlineError) -> Polygon {
        var polygon: [[Finding.Point]] = []
        for case let ring in rings {
            guard case .array(let positions) = ring else { throw error("has a ring that is none") }
            var corners: [Finding.Point] = []
            for position in positions { corners.append(try corner(position)) }
            if corners.count > 1, corners.first == corners.last { corners.removeLast() }
            guard corners.count >= 3 else { throw error("has a ring of less than three corners") }
            polygon.append(corners)
        }
        guard !polygon.isEmpty else { throw error("has no ring") }
        return Polygon(rings: polygon)
    }

    private static func corner(_ position: JSONValue) throws(OutlineError) -> Finding.Point {
        guard case .array(let numbers) = position, numbers.count >= 2, let x = number(numbers[0]),
            let y = number(numbers[1])
        else { throw error("has a position that is not two numbers of at most \(farthest)") }
        return Finding.Point(x: x, y: y)
    }

    private static func number(_ value: JSONValue) -> Double? {
        let number: Double? =
            switch value {
            case .integer(let integer): Double(integer)
            case .number(let number): number
            default: nil
            }
        return number.flatMap { abs($0) <= farthest ? $0 : nil }
    }

    /// QuPath ignores classes whose name ends with an asterisk.
    private static func isLeftOut(_ feature: JSONValue) -> Bool {
        let classification = feature["properties"]?["classification"]
        var names: [String] = []
        if case .text(let name)? = classification { names.append(name) }
        if case .text(let name)? = classification?["name"] { names.append(name) }
        names += classification?["names"]?.texts ?? []
        return names.map { $0.lowercased() }.contains { $0.hasPrefix("ignore") || $0 == "exclude" }
    }
}

extension JSONValue {
    /// The first member of that name; nil unless this is an object that has one.
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
