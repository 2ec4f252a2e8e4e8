/** Who wrote each program of coreutils, as its `--version` says. */
const AUTHORS: Readonly<Record<string, string>> = {
  arch: 'David MacKenzie and Karel Zak', basename: 'David MacKenzie', cat: 'Torbjorn Granlund and Richard M. Stallman',
  chmod: 'David MacKenzie and Jim Meyering', comm: 'Richard M. Stallman and David MacKenzie', cp: 'Torbjorn Granlund, David MacKenzie, and Jim Meyering',
  cut: 'David M. Ihnat, David MacKenzie, and Jim Meyering', date: 'David MacKenzie', dirname: 'David MacKenzie and Jim Meyering', echo: 'Brian Fox and Chet Ramey',
  env: 'Richard Mlynarik, David MacKenzie, and Assaf Gordon', expr: 'Mike Parker, James Youngman, and Paul Eggert', false: 'Jim Meyering',
  head: 'David MacKenzie and Jim Meyering', id: 'Arnold Robbins and David MacKenzie', ln: 'Mike Parker and David MacKenzie', logname: 'FIXME: unknown',
  ls: 'Richard M. Stallman and David MacKenzie', mkdir: 'David MacKenzie', mv: 'Mike Parker, David MacKenzie, and Jim Meyering', nl: 'Scott Bartram and David MacKenzie',
  nproc: 'Giuseppe Scrivano', od: 'Jim Meyering', paste: 'David M. Ihnat and David MacKenzie', printenv: 'David MacKenzie and Richard Mlynarik', printf: 'David MacKenzie',
  pwd: 'Jim Meyering', readlink: 'Dmitry V. Levin', realpath: 'Padraig Brady', rm: 'Paul Rubin, David MacKenzie, Richard M. Stallman,\nand Jim Meyering',
  rmdir: 'David MacKenzie', seq: 'Ulrich Drepper', sleep: 'Jim Meyering and Paul Eggert', sort: 'Mike Haertel and Paul Eggert', stat: 'Michael Meskes',
  tac: 'Jay Lepreau and David MacKenzie', tail: 'Paul Rubin, David MacKenzie, Ian Lance Taylor,\nand Jim Meyering', tee: 'Mike Parker, Richard M. Stallman, and David MacKenzie',
  timeout: 'Padraig Brady', touch: 'Paul Rubin, Arnold Robbins, Jim Kingdon,\nDavid MacKenzie, and Randy Smith', tr: 'Jim Meyering', true: 'Jim Meyering', tty: 'David MacKenzie',
  uname: 'David MacKenzie', uniq: 'Richard M. Stallman and David MacKenzie', wc: 'Paul Rubin and David MacKenzie', whoami: 'Richard Mlynarik', yes: 'David MacKenzie',
} // prettier-ignore

const license = (year: number): string => `Copyright (C) ${year} Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.
This is free software: you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`

/** What `NAME --version` prints; undefined for programs of other packages. */
export const versionOf = (name: string): string | undefined => {
  if (name === 'grep') {
    return `grep (GNU grep) 3.8\n${license(2022)}\nWritten by Mike Haertel and others; see\n<https://git.sv.gnu.org/cgit/grep.git/tree/AUTHORS>.\n`
  }
  const authors = AUTHORS[name]
  return authors && `${name} (GNU coreutils) 9.1\n${license(2022)}\nWritten by ${authors}.\n`
}
