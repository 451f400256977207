/// A grey picture that is drawn on.
struct GreyCanvas {
    let width: Int
    let height: Int
    private var pixels: [UInt8]

    init(width: Int, height: Int, background: UInt8) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: background, count: width * height)
    }

    var image: GreyImage { GreyImage(width: width, height: height, pixels: pixels) }

    /// Fills the part of a rectangle that lies in the picture.
    mutating func fill(x: Int, y: Int, width: Int, height: Int, level: UInt8) {
        let columns = max(x, 0)..<max(min(x + width, self.width), max(x, 0))
        for row in max(y, 0)..<max(min(y + height, self.height), max(y, 0)) {
            for column in columns { pixels[row * self.width + column] = level }
        }
    }

    /// Writes a line of text from its upper left corner; what reaches outside is cut off.
    mutating func write(_ text: String, x: Int, y: Int, scale: Int = 1, level: UInt8) {
        for (index, character) in text.enumerated() {
            let left = x + index * BitmapFont.advance * scale
            guard left < width else { return }
            for (row, bits) in BitmapFont.rows(of: character).enumerated() {
                for column in 0..<BitmapFont.width where bits >> UInt8(BitmapFont.width - 1 - column) & 1 == 1 {
                    fill(x: left + column * scale, y: y + row * scale, width: scale, height: scale, level: level)
                }
            }
        }
    }
}
