import Findings
import Imaging
import Slides

/// What a detection's network finds in one tile, as if the tile were the scan: for what learns from tiles.
public struct TileObjects: Sendable {
    /// An object in the tile's pixels.
    public struct Object: Sendable {
        public let classIndex: Int
        /// Of its class, at the temperature asked for.
        public let probability: Float
        public let box: Finding.Box
        /// Nil where the network gives boxes.
        public let pixels: RunLengths?
    }

    private let decoder: any ObjectDecoder
    private let settings: StageDefinition.Detection
    private let suppressesAcrossClasses: Bool
    private let tile: DetectionTile
    private let resolution: WorkingResolution

    /// - Parameters:
    ///   - side: of the tile.
    ///   - threshold: the least probability of an object.
    ///   - temperature: by what logits are divided.
    /// - Returns: nil for a stage that is no detection.
    public init?(_ stage: LoadedStage, side: Int, threshold: Double, temperature: Double) {
        guard case .detection(let settings) = stage.definition.task else { return nil }
        self.settings = settings
        suppressesAcrossClasses = stage.suppressesAcrossClasses
        resolution = WorkingResolution(width: side, height: side)
        decoder = stage.objectDecoder(
            ClassProbabilities(stage.model.card.output, temperature: temperature, stage: .detect),
            threshold: threshold, suppressionLimit: settings.suppressionLimit, resolution)
        let all = 0..<Float(side)
        tile = DetectionTile(
            window: PixelWindow(x: 0, y: 0, width: side, height: side), columns: all, rows: all, reach: Float(side),
            scanWidth: side, scanHeight: side)
    }

    /// - Parameter answers: in the order of the card's outputs, each as the graph lays it out.
    /// - Returns: by falling probability.
    public func objects(in answers: [[Float]]) throws(AnalysisFailure) -> [Object] {
        let found = try decoder.objects(in: answers, of: tile)
        var suppression = ObjectSuppression(
            limit: settings.suppressionLimit, acrossClasses: suppressesAcrossClasses, reach: tile.reach)
        do throws(ImagingError) { try suppression.add(found.candidates) } catch {
            throw AnalysisFailure(error, stage: .detect)
        }
        return suppression.finish().compactMap { candidate in
            guard let object = DetectedObject(candidate, resolution),
                object.box.width * object.box.height >= settings.minimumAreaPixels
            else { return nil }
            return Object(
                classIndex: candidate.classIndex, probability: candidate.confidence, box: object.box,
                pixels: candidate.pixels)
        }
    }
}
