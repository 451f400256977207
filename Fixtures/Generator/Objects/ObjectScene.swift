/// A scan of single objects as a seed decides it.
protocol ObjectScene: Sendable {
    func draw() -> ObjectDrawing
}
