/** How people sign in here, as `/app/config.json` tells. */
export interface PortalConfig {
  readonly signIn: {
    readonly demo: boolean;
    readonly oidc: {
      readonly issuer: string;
      readonly clientId: string;
      readonly scope: string;
      readonly audience: string | null;
    } | null;
  };
}

export type Oidc = NonNullable<PortalConfig['signIn']['oidc']>;

let config: Promise<PortalConfig> | null = null;

/** Read once. */
export function portalConfig(): Promise<PortalConfig> {
  config ??= fetch('/app/config.json').then((response) => response.json());
  config.catch(() => {
    config = null;
  });
  return config;
}
