import NeuralNetworks

extension Graph {
    /// Whether a list of boxes is one that the network chose by itself, with 6 numbers a box, of which the last is not seen to
    /// be a probability: as end-to-end YOLO exports have it, a box, a score and the *number* of a class. Read as the scores of
    /// two classes, a number of 1 is a certainty.
    func mayNumberClasses(_ output: String, columns: Int) -> Bool {
        columns == 6 && nodes.contains { $0.operation is TopElements } && lastFunction(of: output) == nil
    }
}

extension GraphFit {
    static let numbersClasses =
        "the model chooses its boxes itself (TopK) and gives 6 numbers a box, as if the last were the number of a class: "
        + "export it without that (ultralytics: `end2end=False`, `nms=False`), so that each box has a score for each class"
}
