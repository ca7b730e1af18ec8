import { useLayoutEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'

export type PlotOptions = Omit<uPlot.Options, 'width'>

/**
 * A plot in an element: as wide as that, and in the colours of the scheme that is on.
 *
 * @param make is asked again whenever one of the inputs is another
 */
export function usePlot(make: (width: number) => { options: PlotOptions; data: uPlot.AlignedData }, inputs: readonly unknown[]) {
  const element = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const parent = element.current
    if (parent === null) return undefined
    const draw = (): uPlot => {
      const width = Math.max(parent.clientWidth, 1)
      const { options, data } = make(width)
      return new uPlot({ ...options, width }, data, parent)
    }
    let plot = draw()
    const drawAgain = (): void => {
      plot.destroy()
      plot = draw()
    }
    const resizing = new ResizeObserver(() => {
      if (parent.clientWidth !== plot.width) drawAgain()
    })
    resizing.observe(parent)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', drawAgain)
    return () => {
      resizing.disconnect()
      scheme.removeEventListener('change', drawAgain)
      plot.destroy()
    }
  }, inputs)

  return element
}

/** A colour of the style sheet, as a canvas wants it. */
export function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

export const axisFont = '12px system-ui, sans-serif'

/** Left of every plot, so that their times stand one above the other. */
export const axisWidth = 52
