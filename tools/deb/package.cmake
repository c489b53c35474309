# What cpack needs to make a Debian package from a build (tools/package.sh).
set(JOUST_MAINTAINER "The joust authors <joust@localhost>" CACHE STRING "Who is named as the package's maintainer")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME joust)
set(CPACK_PACKAGE_CONTACT "${JOUST_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "fault-tolerant parallel tournament runner")
set(CPACK_PACKAGE_DESCRIPTION "joust plays tournaments of many worlds (simulations, games) between
competitors on a pool of worker processes, and ends with score tables that
can be trusted, whatever died on the way. Worlds and competitors are written
in C++ or in any other language; what is needed to build them, and a package
for Python, are included.")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS python3)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, g++, slurm-client")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/postinst ${CMAKE_CURRENT_LIST_DIR}/prerm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/finish.cmake)
set(CPACK_JOUST_STRIP ${CMAKE_STRIP})
include(CPack)
