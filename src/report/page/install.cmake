# cmake -DNPM=... -DSOURCE=... -DTARGET=... -P install.cmake
# Installs the page's npm packages at the versions of the lock file, in the build folder.
file(MAKE_DIRECTORY ${TARGET})
foreach(name package.json package-lock.json .npmrc)
  configure_file(${SOURCE}/${name} ${TARGET}/${name} COPYONLY)
endforeach()
execute_process(
  COMMAND ${NPM} ci --prefer-offline --no-progress --loglevel=error
  WORKING_DIRECTORY ${TARGET}
  RESULT_VARIABLE result
  OUTPUT_VARIABLE log
  ERROR_VARIABLE log)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "The report page needs the npm packages @observablehq/plot (charts), "
                      "@xmldom/xmldom (pictures) and esbuild (bundler), and `npm ci` could not "
                      "install them. Check that npm reaches its registry (npm ping), then build "
                      "again.\n${log}")
endif()
file(TOUCH ${TARGET}/installed)
