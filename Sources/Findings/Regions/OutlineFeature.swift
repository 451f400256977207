import Listings

/// Why outlines cannot be used: one line.
public struct OutlineError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// What somebody outlined in a scan, as a feature of a GeoJSON file tells it.
///
/// The one reader of outlines: of where to look (``RegionsOfInterest``), and of what is true. It takes what QuPath writes, and
/// `scanreport export`: a collection of features (or one, or a list of them) with polygons in pixels.
public struct OutlineFeature: Sendable, Hashable {
    public typealias Polygon = RegionsOfInterest.Polygon

    /// What its classification is called; several for one that QuPath derives of another (`Gland: inflamed`); none where nobody
    /// called it anything.
    public let names: [String]
    /// Whether a program detected it as an object, such as a cell; else it is an annotation.
    public let isObject: Bool
    public let polygons: [Polygon]

    /// Whether it says where not to look: QuPath's class `Ignore*`, or `exclude`.
    public var isLeftOut: Bool {
        names.map { $0.lowercased() }.contains { $0.hasPrefix("ignore") || $0 == "exclude" }
    }

    /// Whether it says in which part of a scan all is outlined: QuPath's class `Region*`.
    public var isArea: Bool { names.contains { $0.lowercased().hasPrefix("region") && $0.hasSuffix("*") } }

    /// The largest file, in bytes.
    public static let mostBytes = 32 << 20

    /// What a file holds as text.
    ///
    /// - Parameter bytes: of which no more than ``mostBytes`` and one need be read.
    public static func text(of bytes: [UInt8]) throws(OutlineError) -> String {
        guard !bytes.starts(with: [0x1F, 0x8B]) else { throw OutlineError("they are compressed: gunzip them") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw OutlineError("they are not UTF-8") }
        return text
    }

    /// All of a file's.
    ///
    /// - Throws: for other shapes, and other texts.
    public static func read(geoJSON text: String) throws(OutlineError) -> [OutlineFeature] {
        guard text.utf8.count <= mostBytes else { throw OutlineError("they have more than \(mostBytes >> 20) MiB") }
        let root: JSONValue
        do throws(JSONError) { root = try JSONValue(parsing: text) } catch { throw OutlineError("\(error)") }
        guard [nil, .null].contains(root["crs"]) else {
            throw OutlineError("they are in a coordinate reference system (crs), not in pixels of the image")
        }
        var features: [OutlineFeature] = []
        for (number, feature) in try Self.features(root).enumerated() {
            do throws(OutlineError) { features.append(try OutlineFeature(feature)) } catch {
                throw OutlineError("feature \(number + 1) \(error)")
            }
        }
        let points = features.lazy.flatMap(\.polygons).flatMap(\.rings).joined()
        guard points.isEmpty || points.contains(where: { $0.x > 1 || $0.y > 1 }) else {
            throw OutlineError(
                "they all lie within the first pixel, as shares of the scan's sides do: write them in pixels")
        }
        return features
    }

    private init(_ feature: JSONValue) throws(OutlineError) {
        polygons = try Self.polygons(feature["geometry"])
        let properties = feature["properties"]
        let classification = properties?["classification"]
        var names: [String] = []
        if case .text(let name)? = classification { names += Self.parts(name) }
        if case .text(let name)? = classification?["name"] { names += Self.parts(name) }
        self.names = names + (classification?["names"]?.texts ?? [])
        isObject = Self.isObject(type: properties?["objectType"], id: feature["id"])
    }

    /// A class and, of a derived one, what it is derived of.
    private static func parts(_ name: String) -> [String] {
        let parts = name.split(separator: ": ").map(String.init)
        return parts.count > 1 ? [name] + parts : [name]
    }

    /// QuPath before 0.3 says it by the id, such as `PathDetectionObject`.
    private static func isObject(type: JSONValue?, id: JSONValue?) -> Bool {
        if case .text(let type)? = type { return ["detection", "cell", "tile"].contains(type.lowercased()) }
        if case .text(let id)? = id { return ["PathDetectionObject", "PathCellObject", "PathTileObject"].contains(id) }
        return false
    }

    private static func features(_ root: JSONValue) throws(OutlineError) -> [JSONValue] {
        if case .array(let features) = root { return features }
        switch root["type"] {
        case .text("FeatureCollection"):
            guard case .array(let features)? = root["features"] else {
                throw OutlineError("the collection has no features")
            }
            return features
        case .text("Feature"): return [root]
        default: throw OutlineError("this is no GeoJSON of features")
        }
    }

    private static func polygons(_ geometry: JSONValue?) throws(OutlineError) -> [Polygon] {
        guard case .array(let coordinates)? = geometry?["coordinates"] else {
            throw OutlineError("has no coordinates")
        }
        switch geometry?["type"] {
        case .text("Polygon"): return [try polygon(coordinates)]
        case .text("MultiPolygon"):
            var polygons: [Polygon] = []
            for case let part in coordinates {
                guard case .array(let rings) = part else { throw OutlineError("has a polygon that is none") }
                polygons.append(try polygon(rings))
            }
            return polygons
        default: throw OutlineError("is no polygon: only these can be looked into")
        }
    }

    private static func polygon(_ rings: [JSONValue]) throws(OutlineError) -> Polygon {
        var polygon: [[Finding.Point]] = []
        for case let ring in rings {
            guard case .array(let positions) = ring else { throw OutlineError("has a ring that is none") }
            var corners: [Finding.Point] = []
            for position in positions { corners.append(try corner(position)) }
            if corners.count > 1, corners.first == corners.last { corners.removeLast() }
            guard corners.count >= 3 else { throw OutlineError("has a ring of less than three corners") }
            polygon.append(corners)
        }
        guard !polygon.isEmpty else { throw OutlineError("has no ring") }
        return Polygon(rings: polygon)
    }

    private static func corner(_ position: JSONValue) throws(OutlineError) -> Finding.Point {
        guard case .array(let numbers) = position, numbers.count >= 2, let x = number(numbers[0]),
            let y = number(numbers[1])
        else {
            throw OutlineError("has a position that is not two numbers of at most \(RegionsOfInterest.farthest)")
        }
        return Finding.Point(x: x, y: y)
    }

    private static func number(_ value: JSONValue) -> Double? {
        let number: Double? =
            switch value {
            case .integer(let integer): Double(integer)
            case .number(let number): number
            default: nil
            }
        return number.flatMap { abs($0) <= RegionsOfInterest.farthest ? $0 : nil }
    }
}

extension JSONValue {
    /// The first member of that name; nil unless this is an object that has one.
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
