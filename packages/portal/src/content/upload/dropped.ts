/** A file with the folders that it was dropped in, `handbook/safety/ladders.pdf`. */
export interface FoundFile {
  readonly file: File;
  readonly path: string;
}

/** Files that were dropped, also those of dropped folders and the folders in them. */
export async function droppedFiles(data: DataTransfer): Promise<FoundFile[]> {
  // Read at once: the list is empty as soon as the event is over.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  const plain = [...data.files];
  const found = await Promise.all(
    entries.map((entry, index) => {
      const file = plain[index];
      if (entry === null) return file === undefined ? [] : [{ file, path: file.name }];
      return filesOf(entry);
    }),
  );
  return found.flat().filter(isMaterial);
}

/** Files that were chosen in a window of the system, there possibly as a folder. */
export function chosenFiles(files: FileList): FoundFile[] {
  return [...files]
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(isMaterial);
}

async function filesOf(entry: FileSystemEntry): Promise<FoundFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const found: FoundFile[] = [];
  for (;;) {
    // Chromium gives at most 100 at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Systems leave files of their own in folders: `.DS_Store`, `Thumbs.db`, locks of Office. */
function isMaterial({ file }: FoundFile): boolean {
  return !/^(\.|~\$|thumbs\.db$|desktop\.ini$)/i.test(file.name);
}
