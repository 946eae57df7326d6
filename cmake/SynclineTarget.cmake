# How every library, program and test of the project is compiled.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(syncline_options INTERFACE)
target_include_directories(syncline_options INTERFACE ${PROJECT_SOURCE_DIR}/include
                                                      ${PROJECT_BINARY_DIR}/include
                                                      ${PROJECT_SOURCE_DIR}/src)
target_compile_options(syncline_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                                                  -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC bug 105651: false alarms for every `"text" + std::string` in C++20.
  target_compile_options(syncline_options INTERFACE -Wno-restrict)
endif()
if(SYNCLINE_WERROR)
  target_compile_options(syncline_options INTERFACE -Werror)
endif()
if(SYNCLINE_SANITIZE)
  add_compile_options(-fsanitize=${SYNCLINE_SANITIZE} -fno-omit-frame-pointer -g1)
  add_compile_options(-fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SYNCLINE_SANITIZE})
endif()

# syncline_room(NAME sources... LINK libraries...): the static library of one room of src/.
function(syncline_room name)
  cmake_parse_arguments(ROOM "" "" "LINK" ${ARGN})
  add_library(syncline_${name} STATIC ${ROOM_UNPARSED_ARGUMENTS})
  target_link_libraries(syncline_${name} PUBLIC syncline_options ${ROOM_LINK})
endfunction()

# What ./dev builds for the sanitizers: the tests labelled `core`, and those labelled `threads`.
add_custom_target(core_tests)
add_custom_target(threads_tests)

# syncline_test(NAME sources... LINK libraries... [LABELS labels...]): one doctest program.
function(syncline_test name)
  cmake_parse_arguments(TEST "" "" "LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${TEST_UNPARSED_ARGUMENTS} ${PROJECT_SOURCE_DIR}/tests/main.cpp)
  target_link_libraries(test_${name} PRIVATE syncline_options ${TEST_LINK} syncline_rapidcheck)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name}
                             PRIVATE SYNCLINE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND test_${name})
  foreach(label ${TEST_LABELS})
    if(TARGET ${label}_tests)
      add_dependencies(${label}_tests test_${name})
    endif()
  endforeach()
  # A fixed seed: a property that fails once fails again.
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "RC_PARAMS=seed=20031057" LABELS
                                          "${TEST_LABELS}")
endfunction()
