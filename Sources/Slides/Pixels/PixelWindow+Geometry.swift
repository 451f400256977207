extension PixelWindow {
    /// The first column right of the window.
    package var endX: Int { x + width }
    /// The first row below the window.
    package var endY: Int { y + height }

    /// Whether the window lies wholly in a picture of the given size.
    package func isInside(width pictureWidth: Int, height pictureHeight: Int) -> Bool {
        x >= 0 && y >= 0 && width > 0 && height > 0 && x <= pictureWidth - width && y <= pictureHeight - height
    }

    /// The part that lies in a picture of the given size; nil where none does.
    package func clipped(toWidth pictureWidth: Int, height pictureHeight: Int) -> PixelWindow? {
        let left = max(x, 0)
        let top = max(y, 0)
        let right = min(endX, pictureWidth)
        let bottom = min(endY, pictureHeight)
        guard right > left, bottom > top else { return nil }
        return PixelWindow(x: left, y: top, width: right - left, height: bottom - top)
    }
}
