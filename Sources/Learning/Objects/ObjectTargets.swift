import Evaluation
import Imaging

/// What a detection's network should answer for a tile, by the objects that are truly in it.
protocol ObjectTargets: Sendable {
    /// Of each output of a tile, without the batch: `[C, h, w]`.
    func shapes(ofSide side: Int) -> [[Int]]

    /// For each output.
    func truths(of scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [[Float]]

    /// The objects that a tile shows, in its pixels, as ``TileObjects`` would find them.
    func items(of scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [ObjectTruth.Item]

    /// Whether objects are outlines, which only those with pixels teach.
    var needPixels: Bool { get }

    var loss: any NetworkLoss { get }
}
