/** Of this Docent (https://semver.org). */
export const VERSION = '0.1.0';
