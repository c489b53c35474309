# What a Debian package has beyond the files that are installed; cpack runs this on them before it packs.
cmake_minimum_required(VERSION 3.25)
set(share ${CPACK_TEMPORARY_DIRECTORY}/usr/share)
set(doc ${share}/doc/joust)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# The workers keep their symbols: without them the stacks of crashed and stuck worlds have no names.
run(${CPACK_JOUST_STRIP} --strip-unneeded ${CPACK_TEMPORARY_DIRECTORY}/usr/bin/joust
  ${CPACK_TEMPORARY_DIRECTORY}/usr/libexec/joust/joust-stacks)
file(MAKE_DIRECTORY ${share}/lintian/overrides)
file(WRITE ${share}/lintian/overrides/joust
  "# the workers' symbols name the functions in the stacks of crashed and stuck worlds\n"
  "joust: unstripped-binary-or-object [usr/libexec/joust/joust-*worker]\n"
  "# one that is linked statically starts in a third of the time; a replacement plays earlier\n"
  "joust: shared-library-lacks-prerequisites [usr/libexec/joust/joust-worker]\n"
  "# it is not uploaded to Debian\n"
  "joust: initial-upload-closes-no-bugs [usr/share/doc/joust/changelog.Debian.gz:1]\n")

file(GLOB scripts ${share}/joust/examples/*.sh)
file(CHMOD ${scripts} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
file(RENAME ${doc}/LICENSE ${doc}/copyright)
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, where it is set
file(WRITE ${doc}/changelog.Debian
  "joust (${CPACK_PACKAGE_VERSION}-1) bookworm; urgency=medium\n\n"
  "  * What changed is in /usr/share/doc/joust/changelog.gz.\n\n"
  " -- ${CPACK_PACKAGE_CONTACT}  ${now}\n")
file(GLOB pages ${share}/man/man1/*.1)
run(gzip -9n ${pages} ${doc}/changelog ${doc}/changelog.Debian)
