// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const scipy: AllowList = {
  framework: 'SciPy',
  versions: ['scipy 1.9.3', 'scipy 1.10.1', 'scipy 1.11.4', 'scipy 1.13.1', 'scipy 1.14.1', 'scipy 1.15.3', 'scipy 1.17.1'],
  groups: [
    {
      condition: 'neverCalled',
      reason: 'a function on arrays that a transformer refers to',
      names: nameTable(`
scipy._lib.array_api_compat.numpy._aliases: asarray
scipy.interpolate._interpolate: interp1d._call_linear_np interp1d._call_previousnext interp1d._call_spline
scipy.linalg._basic: det inv pinv solve
scipy.linalg._decomp: eigh
scipy.linalg._decomp_svd: svd
scipy.linalg._matfuncs: expm
scipy.linalg._misc: norm
scipy.optimize._minpack_py: curve_fit
scipy.signal._savitzky_golay: savgol_filter
scipy.signal._signaltools: convolve detrend hilbert medfilt resample
scipy.spatial.distance: CDistMetricWrapper CDistWeightedMetricWrapper MetricInfo PDistMetricWrapper PDistWeightedMetricWrapper
    braycurtis canberra cdist chebyshev cityblock correlation cosine dice directed_hausdorff euclidean hamming is_valid_dm
    is_valid_y jaccard jensenshannon kulczynski1 kulsinski mahalanobis minkowski num_obs_dm num_obs_y pdist rogerstanimoto
    russellrao seuclidean sokalmichener sokalsneath sqeuclidean squareform yule
scipy.special: agm airy airye bdtr bdtrc bdtri bdtrik bdtrin bei beip ber berp besselpoly beta betainc betaincc betainccinv
    betaincinv betaln binom boxcox boxcox1p btdtr btdtri btdtria btdtrib cbrt chdtr chdtrc chdtri chdtriv chndtr chndtridf
    chndtrinc chndtrix cosdg cosm1 cotdg dawsn digamma ellipe ellipeinc ellipj ellipk ellipkinc ellipkm1 elliprc elliprd
    elliprf elliprg elliprj entr erf erfc erfcinv erfcx erfi erfinv eval_chebyc eval_chebys eval_chebyt eval_chebyu
    eval_gegenbauer eval_genlaguerre eval_hermite eval_hermitenorm eval_jacobi eval_laguerre eval_legendre eval_sh_chebyt
    eval_sh_chebyu eval_sh_jacobi eval_sh_legendre exp1 exp10 exp2 expi expit expm1 expn exprel fdtr fdtrc fdtri fdtridfd
    fresnel gamma gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn gdtr gdtrc gdtria gdtrib gdtrix hankel1
    hankel1e hankel2 hankel2e huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e inv_boxcox inv_boxcox1p it2i0k0 it2j0y0
    it2struve0 itairy iti0k0 itj0y0 itmodstruve0 itstruve0 iv ive j0 j1 jn jv jve k0 k0e k1 k1e kei keip kelvin ker kerp
    kl_div kn kolmogi kolmogorov kv kve log1p log_expit log_ndtr log_wright_bessel loggamma logit lpmv mathieu_a mathieu_b
    mathieu_cem mathieu_modcem1 mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_sem modfresnelm modfresnelp modstruve
    nbdtr nbdtrc nbdtri nbdtrik nbdtrin ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit
    ndtr ndtri ndtri_exp nrdtrimn nrdtrisd obl_ang1 obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv owens_t pbdv
    pbvv pbwa pdtr pdtrc pdtri pdtrik poch powm1 pro_ang1 pro_ang1_cv pro_cv pro_rad1 pro_rad1_cv pro_rad2 pro_rad2_cv
    pseudo_huber psi radian rel_entr rgamma round shichi sici sindg smirnov smirnovi spence sph_harm stdtr stdtridf stdtrit
    struve tandg tklmbda voigt_profile wofz wright_bessel wrightomega xlog1py xlogy y0 y1 yn yv yve zetac
scipy.special._basic: comb factorial perm softmax
scipy.special._logsumexp: log_softmax logsumexp softmax
scipy.special._special_ufuncs: airy airye bei beip ber berp besselpoly beta betaln binom cbrt cosdg cosm1 cotdg dawsn ellipe
    ellipeinc ellipj ellipk ellipkinc ellipkm1 erf erfc erfcx erfi exp1 exp10 exp2 expi expit expm1 exprel fresnel gamma
    gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn hankel1 hankel1e hankel2 hankel2e hyp2f1 i0 i0e i1 i1e
    it2i0k0 it2j0y0 it2struve0 itairy iti0k0 itj0y0 itmodstruve0 itstruve0 iv ive j0 j1 jv jve k0 k0e k1 k1e kei keip kelvin
    ker kerp kv kve log1p log_expit log_ndtr log_wright_bessel loggamma logit mathieu_a mathieu_b mathieu_cem mathieu_modcem1
    mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_sem modfresnelm modfresnelp modstruve ndtr obl_ang1 obl_ang1_cv
    obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv pbdv pbvv pbwa pro_ang1 pro_ang1_cv pro_cv pro_rad1 pro_rad1_cv pro_rad2
    pro_rad2_cv psi radian rgamma sindg sph_harm struve tandg voigt_profile wofz wright_bessel xlog1py xlogy y0 y1 yv yve
    zetac
scipy.special._ufuncs: agm airy airye bdtr bdtrc bdtri bdtrik bdtrin bei beip ber berp besselpoly beta betainc betaincc
    betainccinv betaincinv betaln binom boxcox boxcox1p btdtr btdtri btdtria btdtrib cbrt chdtr chdtrc chdtri chdtriv chndtr
    chndtridf chndtrinc chndtrix cosdg cosm1 cotdg dawsn digamma ellipe ellipeinc ellipj ellipk ellipkinc ellipkm1 elliprc
    elliprd elliprf elliprg elliprj entr erf erfc erfcinv erfcx erfi erfinv eval_chebyc eval_chebys eval_chebyt eval_chebyu
    eval_gegenbauer eval_genlaguerre eval_hermite eval_hermitenorm eval_jacobi eval_laguerre eval_legendre eval_sh_chebyt
    eval_sh_chebyu eval_sh_jacobi eval_sh_legendre exp1 exp10 exp2 expi expit expm1 expn exprel fdtr fdtrc fdtri fdtridfd
    fresnel gamma gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn gdtr gdtrc gdtria gdtrib gdtrix hankel1
    hankel1e hankel2 hankel2e huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e inv_boxcox inv_boxcox1p it2i0k0 it2j0y0
    it2struve0 itairy iti0k0 itj0y0 itmodstruve0 itstruve0 iv ive j0 j1 jn jv jve k0 k0e k1 k1e kei keip kelvin ker kerp
    kl_div kn kolmogi kolmogorov kv kve log1p log_expit log_ndtr log_wright_bessel loggamma logit lpmv mathieu_a mathieu_b
    mathieu_cem mathieu_modcem1 mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_sem modfresnelm modfresnelp modstruve
    nbdtr nbdtrc nbdtri nbdtrik nbdtrin ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit
    ndtr ndtri ndtri_exp nrdtrimn nrdtrisd obl_ang1 obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv owens_t pbdv
    pbvv pbwa pdtr pdtrc pdtri pdtrik poch powm1 pro_ang1 pro_ang1_cv pro_cv pro_rad1 pro_rad1_cv pro_rad2 pro_rad2_cv
    pseudo_huber psi radian rel_entr rgamma round shichi sici sindg smirnov smirnovi spence sph_harm stdtr stdtridf stdtrit
    struve tandg tklmbda voigt_profile wofz wright_bessel wrightomega xlog1py xlogy y0 y1 yn yv yve zetac
scipy.stats._entropy: entropy
scipy.stats._morestats: boxcox boxcox_llf yeojohnson
scipy.stats._stats_py: PearsonRResultBase TtestResultBase chisquare f_oneway gmean hmean iqr kendalltau ks_2samp kurtosis
    median_abs_deviation mode pearsonr rankdata skew spearmanr trim_mean ttest_ind zscore
`),
    },
    {
      condition: 'newFromData',
      reason: 'the result of a test, a tuple with names',
      names: nameTable(`
scipy.stats._common: ConfidenceInterval
scipy.stats._covariance: CovViaCholesky CovViaEigendecomposition CovViaPrecision
scipy.stats._distn_infrastructure: rv_frozen
scipy.stats._stats_mstats_common: LinregressResult
scipy.stats._stats_py: DescribeResult KstestResult LinregressResult ModeResult NormaltestResult PearsonRResult TtestResult
    Ttest_indResult
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a sparse matrix, an interpolator, a tree or a distribution: restoring it copies numbers',
      names: nameTable(`
scipy.integrate._ivp.common: OdeSolution
scipy.integrate._ivp.ivp: OdeResult
scipy.integrate._ivp.rk: RkDenseOutput
scipy.interpolate._bary_rational: AAA
scipy.interpolate._bsplines: BSpline
scipy.interpolate._cubic: Akima1DInterpolator CubicHermiteSpline CubicSpline PchipInterpolator
scipy.interpolate._fitpack2: InterpolatedUnivariateSpline LSQUnivariateSpline RectBivariateSpline RectSphereBivariateSpline
    SmoothBivariateSpline UnivariateSpline
scipy.interpolate._interpnd: CloughTocher2DInterpolator LinearNDInterpolator
scipy.interpolate._interpolate: BPoly NdPPoly PPoly interp1d
scipy.interpolate._ndbspline: NdBSpline
scipy.interpolate._ndgriddata: NearestNDInterpolator
scipy.interpolate._polyint: BarycentricInterpolator KroghInterpolator
scipy.interpolate._rbf: Rbf
scipy.interpolate._rbfinterp: RBFInterpolator
scipy.interpolate._rgi: RegularGridInterpolator
scipy.interpolate.interpnd: CloughTocher2DInterpolator LinearNDInterpolator
scipy.interpolate.interpolate: PPoly interp1d
scipy.optimize._constraints: Bounds LinearConstraint NonlinearConstraint
scipy.optimize._hessian_update_strategy: BFGS
scipy.optimize._lbfgsb_py: LbfgsInvHessProduct
scipy.optimize._optimize: OptimizeResult
scipy.optimize._zeros_py: RootResults
scipy.signal._ltisys: StateSpaceContinuous TransferFunctionContinuous ZerosPolesGainContinuous
scipy.sparse._arrays: bsr_array coo_array csc_array csr_array dia_array dok_array lil_array
scipy.sparse._bsr: bsr_array bsr_matrix
scipy.sparse._coo: coo_array coo_matrix
scipy.sparse._csc: csc_array csc_matrix
scipy.sparse._csr: csr_array csr_matrix
scipy.sparse._dia: dia_array dia_matrix
scipy.sparse._dok: dok_array dok_matrix
scipy.sparse._lil: lil_array lil_matrix
scipy.sparse.bsr: bsr_matrix
scipy.sparse.coo: coo_matrix
scipy.sparse.csc: csc_matrix
scipy.sparse.csr: csr_matrix
scipy.sparse.dia: dia_matrix
scipy.sparse.dok: dok_matrix
scipy.sparse.lil: lil_matrix
scipy.sparse.linalg._interface: MatrixLinearOperator
scipy.spatial._ckdtree: cKDTree
scipy.spatial._kdtree: KDTree Rectangle
scipy.spatial._qhull: ConvexHull Delaunay Voronoi
scipy.spatial.ckdtree: cKDTree
scipy.spatial.transform._rotation: Rotation Slerp
scipy.stats._continuous_distns: _DeprecationWrapper
scipy.stats._covariance: CovViaDiagonal CovViaPSD
scipy.stats._distn_infrastructure: rv_continuous_frozen rv_discrete_frozen
scipy.stats._distribution_infrastructure: _Parameterization _RealDomain _RealInterval _RealParameter
scipy.stats._kde: gaussian_kde
scipy.stats._levy_stable: levy_stable_frozen
scipy.stats._multivariate: _PSD dirichlet_frozen dirichlet_gen invwishart_frozen invwishart_gen matrix_normal_frozen
    matrix_normal_gen multivariate_normal_frozen multivariate_normal_gen multivariate_t_frozen multivariate_t_gen
    ortho_group_gen random_correlation_gen special_ortho_group_gen uniform_direction_frozen uniform_direction_gen
    unitary_group_gen vonmises_fisher_frozen vonmises_fisher_gen wishart_frozen wishart_gen
scipy.stats._new_distributions: Normal
scipy.stats._qmc: Halton LatinHypercube Sobol
scipy.stats._resampling: BootstrapResult
scipy.stats._survival: ECDFResult EmpiricalDistributionFunction
`),
    },
    {
      condition: 'withoutConstructor',
      state: 'parsesArgumentsAsSciPyDoes',
      reason: 'a sparse matrix, an interpolator, a tree or a distribution: restoring it copies numbers',
      names: nameTable(`
scipy.stats._continuous_distns: alpha_gen anglit_gen arcsine_gen argus_gen beta_gen betaprime_gen bradford_gen burr12_gen
    burr_gen cauchy_gen chi2_gen chi_gen cosine_gen crystalball_gen dgamma_gen dpareto_lognorm_gen dweibull_gen erlang_gen
    expon_gen exponnorm_gen exponpow_gen exponweib_gen f_gen fatiguelife_gen fisk_gen foldcauchy_gen foldnorm_gen gamma_gen
    gausshyper_gen genexpon_gen genextreme_gen gengamma_gen genhalflogistic_gen genhyperbolic_gen geninvgauss_gen
    genlogistic_gen gennorm_gen genpareto_gen gibrat_gen gilbrat_gen gompertz_gen gumbel_l_gen gumbel_r_gen halfcauchy_gen
    halfgennorm_gen halflogistic_gen halfnorm_gen hypsecant_gen invgamma_gen invgauss_gen invweibull_gen irwinhall_gen
    jf_skew_t_gen johnsonsb_gen johnsonsu_gen kappa3_gen kappa4_gen ksone_gen kstwo_gen kstwobign_gen landau_gen
    laplace_asymmetric_gen laplace_gen levy_gen levy_l_gen loggamma_gen logistic_gen loglaplace_gen lognorm_gen lomax_gen
    maxwell_gen mielke_gen moyal_gen nakagami_gen ncf_gen nct_gen ncx2_gen norm_gen norminvgauss_gen pareto_gen pearson3_gen
    powerlaw_gen powerlognorm_gen powernorm_gen rayleigh_gen rdist_gen recipinvgauss_gen reciprocal_gen rel_breitwigner_gen
    rice_gen rv_histogram semicircular_gen skew_norm_gen skewcauchy_gen skewnorm_gen studentized_range_gen t_gen trapezoid_gen
    trapz_gen triang_gen truncexpon_gen truncnorm_gen truncpareto_gen truncweibull_min_gen tukeylambda_gen uniform_gen
    vonmises_gen wald_gen weibull_max_gen weibull_min_gen wrapcauchy_gen
scipy.stats._discrete_distns: _nchypergeom_gen bernoulli_gen betabinom_gen betanbinom_gen binom_gen boltzmann_gen dlaplace_gen
    geom_gen hypergeom_gen logser_gen nbinom_gen nchypergeom_fisher_gen nchypergeom_wallenius_gen nhypergeom_gen planck_gen
    poisson_binom_gen poisson_gen randint_gen skellam_gen yulesimon_gen zipf_gen zipfian_gen
scipy.stats._distn_infrastructure: rv_continuous rv_discrete rv_sample
scipy.stats._levy_stable: levy_stable_gen
`),
    },
  ],
}
