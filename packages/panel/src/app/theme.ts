import { createTheme, type MantineColorsTuple } from '@mantine/core'

const pine: MantineColorsTuple = [
  '#eaf6f2',
  '#d3e9e2',
  '#a6d3c5',
  '#77bca7',
  '#50a98e',
  '#3a9d80',
  '#2a9077',
  '#1a6b59',
  '#155c4c',
  '#0d4a3d',
]

const sans = 'var(--sans)'

/** Compact and calm: 13.5 px text, 32 px controls, hairlines. */
export const theme = createTheme({
  colors: { pine },
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: sans,
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '13.5px', md: '14px' },
  headings: { fontFamily: sans, fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' }, styles: { root: { '--button-height-xs': '32px', '--button-fz': '13px' } } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Input: { vars: () => ({ wrapper: { '--input-height-xs': '32px', '--input-fz': '13.5px' } }) },
    InputWrapper: {
      styles: { label: { fontSize: 13, fontWeight: 550, marginBottom: 3 }, description: { fontSize: 12 } },
    },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35, blur: 1 } } },
    Tooltip: { defaultProps: { withArrow: true } },
  },
})
