/// A drawn scan of single objects with the truth of each of its pixels.
struct ObjectDrawing: Sendable {
    let picture: Picture
    /// `[height, width]`: 0 is no object, `n` is the `n`-th.
    let labels: [UInt16]
    /// Of each object, in order.
    let classes: [String]

    static let header = "scan,x,y,width,height,class\n"

    /// A row an object: the box of its pixels, origin top left.
    func rows(scan: String) -> String {
        var boxes = [(left: Int, top: Int, right: Int, bottom: Int)](
            repeating: (.max, .max, -1, -1), count: classes.count)
        for (index, label) in labels.enumerated() where label > 0 {
            let (x, y) = (index % picture.width, index / picture.width)
            let box = boxes[Int(label) - 1]
            boxes[Int(label) - 1] = (min(box.left, x), min(box.top, y), max(box.right, x), max(box.bottom, y))
        }
        return zip(boxes, classes).map { box, name in
            "\(scan),\(box.left),\(box.top),\(box.right - box.left + 1),\(box.bottom - box.top + 1),\(name)\n"
        }.joined()
    }
}
