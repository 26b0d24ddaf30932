import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Everything comes from files: the content security policy allows no data: or inline scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': process.env['SLAPOS_MASTER'] ?? 'http://127.0.0.1:8080' } },
})
