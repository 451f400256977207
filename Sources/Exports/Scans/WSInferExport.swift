import FindingStore
import Findings
import Listings

/// The graded tiles of each scan (those that are findings or, where there are none, those kept for heat maps, in 255 steps) in
/// the folders that WSInfer writes (github.com/SBU-BMI/wsinfer) and its QuPath extension
/// reads: `model-outputs-csv/NAME.csv` of `minx,miny,width,height,prob_CLASS...`, and the same as QuPath's tiles in
/// `model-outputs-geojson/NAME.json`. Coordinates are level-0 pixels.
public struct WSInferExport: Export {
    public static let name = "wsinfer"

    private let folder: String
    private let naming: PictureNaming

    public init(folder: String, naming: PictureNaming = .scan) {
        self.folder = folder
        self.naming = naming
    }

    /// - Throws: `nothing` where no scan has graded tiles.
    public func write(_ question: ExportQuestion) throws {
        let (tables, outlines) = ("\(folder)/model-outputs-csv", "\(folder)/model-outputs-geojson")
        var names = PictureNames(naming)
        var hasTiles = false
        try question.forEachPicture { picture in
            let tiles = GradedTileTable(picture)
            guard !tiles.isEmpty else { return }
            if !hasTiles {
                for folder in [tables, outlines] { try createFolder(folder) }
                hasTiles = true
            }
            let name = names.name(of: picture)
            try tiles.writeCSV(to: "\(tables)/\(name).csv")
            try tiles.writeGeoJSON(to: "\(outlines)/\(name).json")
        }
        if !hasTiles {
            throw ExportError(
                .nothing,
                "none of the scans has graded tiles: a classification stage makes them, and an analysis keeps them unless its "
                    + "pipeline says `thumbnails: off`")
        }
    }
}
